#include "report/errors.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/diagnostic.hpp"
#include "base/render.hpp"
#include "report/json.hpp"

namespace motet::report {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kMostShown = 50;  // more than anybody mends at a time; JSON has them all

void put_place(ordered_json& out, const base::Place& place) {
  if (!place) return;
  out["file"] = place.file->path;
  out["line"] = place.line;
  if (place.column > 0) out["column"] = place.column;
}

ordered_json data(const base::Diagnostic& diagnostic) {
  ordered_json out;
  out["code"] = diagnostic.code;
  put_place(out, diagnostic.place);
  out["message"] = diagnostic.message;
  if (!diagnostic.label.empty()) out["label"] = diagnostic.label;
  for (const base::Note& note : diagnostic.notes) {
    ordered_json one{{"message", note.text}};
    put_place(one, note.place);
    out["notes"].push_back(std::move(one));
  }
  if (!diagnostic.help.empty()) out["help"] = diagnostic.help;
  return out;
}

}  // namespace

ordered_json error_data(const base::Error& error) {
  ordered_json out{{"kind", base::name(error.kind())}, {"message", error.what()}};
  if (!error.help().empty()) out["help"] = error.help();
  return out;
}

std::string error_text(const base::Error& error, bool colour) {
  if (const auto* wrong = dynamic_cast<const base::DiagnosticsError*>(&error)) {
    const std::vector<base::Diagnostic>& all = wrong->diagnostics().list();
    std::string out;
    for (std::size_t i = 0; i < std::min(all.size(), kMostShown); ++i) out += base::render(all[i], colour);
    if (all.size() > kMostShown) out += "and " + std::to_string(all.size() - kMostShown) + " more\n";
    return out + (all.size() == 1 ? "1 mistake\n" : std::to_string(all.size()) + " mistakes\n");
  }
  base::Diagnostic one;
  one.message = error.what();
  one.help = error.help();
  return "motet: " + base::render(one, colour);
}

std::string error_json(const base::Error& error) {
  ordered_json errors = ordered_json::array();
  if (const auto* wrong = dynamic_cast<const base::DiagnosticsError*>(&error)) {
    for (const base::Diagnostic& diagnostic : wrong->diagnostics().list()) errors.push_back(data(diagnostic));
  } else {
    errors.push_back(error_data(error));
  }
  return json_text({{"errors", std::move(errors)}});
}

}  // namespace motet::report
