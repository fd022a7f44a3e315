#include "verify/child.hpp"

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "verify/derive.hpp"
#include "verify/process.hpp"
#include "verify/trial.hpp"

namespace motet::verify {
namespace {

constexpr int kPipelineTestsPass = 120;

// A crash is to end this process with its signal and nothing else.
void leave_crashes_to_the_parent() {
  for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) ::signal(number, SIG_DFL);
  const rlimit none{0, 0};
  (void)::setrlimit(RLIMIT_CORE, &none);
}

void write_all(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(kAnswerDescriptor, text.data(), text.size());
    if (written <= 0) return;  // the parent is gone: nobody is left to tell
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

// What a rule broken on the way means for the check that was being tried.
Outcome broken(int tried, int rule, const std::string& message) {
  Outcome out;
  if (rule == tried) {
    out.verdict = Verdict::failed;
    out.message = message;
  } else {
    out.verdict = Verdict::skipped;
    out.message = "the stage broke " + check_name(rule) + " before it came to this";
    out.sightings.push_back({rule, message});
  }
  return out;
}

Outcome outcome(Verdict verdict, std::string message) {
  Outcome out;
  out.verdict = verdict;
  out.message = std::move(message);
  return out;
}

// A pipeline that somebody named and that is refused is a failure of its own; one that the kit made up is the kit's
// affair.
Outcome refused(bool derived, const base::Diagnostic& first) {
  Outcome out = outcome(Verdict::skipped, "the pipeline is refused: " + first.message +
                                              (first.label.empty() ? "" : " (" + first.label + ")"));
  if (!derived) out.sightings.push_back({kPipelineTestsPass, out.message});
  return out;
}

Outcome of_error(int tried, bool derived, const base::Error& error) {
  if (const auto* mistakes = dynamic_cast<const base::DiagnosticsError*>(&error)) {
    for (const base::Diagnostic& one : mistakes->diagnostics().list()) {
      if (const int rule = cited_obligation(one.message); rule != 0) return broken(tried, rule, one.message);
    }
    return refused(derived, mistakes->diagnostics().list().front());
  }
  if (const int rule = cited_obligation(error.what()); rule != 0) return broken(tried, rule, error.what());
  return outcome(Verdict::skipped, std::string("it cannot be tried: ") + error.what());
}

}  // namespace

int cited_obligation(std::string_view message) {
  for (std::size_t at = message.find("[C"); at != std::string_view::npos; at = message.find("[C", at + 1)) {
    const std::size_t end = message.find(']', at);
    if (end == std::string_view::npos) return 0;
    if (const Check* found = find_check(message.substr(at + 1, end - at - 1))) return found->number;
  }
  return 0;
}

Outcome try_check(const Request& request, LastCall& last_call, const ReadItem& read) {
  try {
    if (request.number == 0) {
      derive(request, last_call);
      return outcome(Verdict::passed, "");
    }
    const Check* check = find_check(std::to_string(request.number));
    if (check == nullptr || check->run == nullptr) return outcome(Verdict::skipped, "there is no such check");
    Trial trial(request, last_call, read);
    check->run(trial);
    return outcome(Verdict::passed, "");
  } catch (const Failed& failed) {
    return outcome(Verdict::failed, failed.message);
  } catch (const Skipped& skipped) {
    return outcome(Verdict::skipped, skipped.reason);
  } catch (const base::Error& error) {
    return of_error(request.number, request.setup.derived, error);
  } catch (const std::exception& error) {
    return outcome(Verdict::failed, std::string("the kit went wrong: ") + error.what());
  }
}

void answer(const std::string& text, const ReadItem& read) {
  leave_crashes_to_the_parent();
  LastCall last_call(kLastCallDescriptor);
  write_all(to_text(try_check(request_of(text), last_call, read)));
}

}  // namespace motet::verify
