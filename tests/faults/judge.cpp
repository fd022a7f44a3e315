#include "faults/judge.hpp"

#include <cstring>
#include <filesystem>
#include <new>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/render.hpp"
#include "base/system_failure.hpp"

namespace motet::test {
namespace {

bool begins(const std::string& text, std::string_view with) { return text.compare(0, with.size(), with) == 0; }

bool has_one_of(const std::string& text, const std::vector<std::string>& parts) {
  for (const std::string& part : parts) {
    if (text.find(part) != std::string::npos) return true;
  }
  return false;
}

std::string wrong_error(motet_fault_kind kind, const std::string& error) {
  switch (kind) {
    case MOTET_FAULT_ALLOCATION:
      if (begins(error, "environment: ") && has_one_of(error, {"memory"})) return {};
      return "wanted an error of the environment that speaks of memory";
    case MOTET_FAULT_READ:
      if (has_one_of(error, {std::strerror(EMFILE), std::strerror(EIO)})) return {};
      return "wanted an error that says why a file cannot be read";
    case MOTET_FAULT_MAP:
      if (has_one_of(error, {std::strerror(ENOMEM), "not enough memory"})) return {};
      return "wanted an error that says why memory cannot be mapped";
    default:
      if (begins(error, "environment: ") && has_one_of(error, {"Vulkan"})) return {};
      return "wanted an error of the environment that speaks of Vulkan";
  }
}
}  // namespace

Outcome outcome_of(const std::function<std::string()>& body) {
  Outcome out;
  try {
    out.result = body();
  } catch (const base::DiagnosticsError& error) {
    out.error = std::string(base::name(error.kind())) + ": ";
    for (const base::Diagnostic& one : error.diagnostics().list()) {
      out.error += one.code + " " + one.message;
      for (const base::Note& note : one.notes) out.error += " / " + note.text;
      out.error += "; ";
    }
  } catch (const base::Error& error) {
    out.error = std::string(base::name(error.kind())) + ": " + error.what();
  } catch (const std::bad_alloc&) {
    out.error = "environment: there is not enough memory";
  } catch (const std::filesystem::filesystem_error& error) {
    out.error = std::string(base::name(base::kind_of(error.code()))) + ": " + error.what();
  } catch (const std::exception& error) {
    out.error = std::string("unexpected: ") + error.what();
  } catch (...) {
    out.error = "unexpected: something that is no std::exception";
  }
  return out;
}

std::string judge(motet_fault_kind kind, const Outcome& outcome, const std::string& wanted) {
  if (outcome.error.empty()) {
    return outcome.result == wanted ? "" : "ends well with another result: " + outcome.result;
  }
  if (!outcome.happened) return "fails though nothing did: " + outcome.error;
  const std::string wrong = wrong_error(kind, outcome.error);
  return wrong.empty() ? "" : wrong + ": " + outcome.error;
}

std::string_view allocator(const motet_fault_report& from) {
  for (std::uint32_t i = 0; i < from.depth; ++i) {
    const std::string_view module = from.frames[i].module;
    const auto is = [&](std::string_view part) { return module.find(part) != std::string_view::npos; };
    if (is("motet_faults") || is("/libc.so") || is("/libstdc++.so") || is("/ld-linux") || is("/libgcc_s.so")) continue;
    return module.empty() ? "program" : module;
  }
  return {};
}

}  // namespace motet::test
