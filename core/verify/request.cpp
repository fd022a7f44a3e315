#include "verify/request.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace motet::verify {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 5> kVerdicts = {"passed", "failed", "skipped", "crashed", "timed out"};

std::vector<std::string> texts(const std::vector<std::filesystem::path>& paths) { return {paths.begin(), paths.end()}; }

std::string written(const json& data) { return data.dump(-1, ' ', false, json::error_handler_t::replace); }

json parsed(std::string_view text) {
  json data = json::parse(text, nullptr, false);
  if (!data.is_object()) base::fail(base::ErrorKind::user, "what came from the kit's other process is no answer");
  return data;
}

}  // namespace

std::string_view name(Verdict verdict) { return kVerdicts[static_cast<std::size_t>(verdict)]; }

Verdict verdict_named(std::string_view text) {
  for (std::size_t i = 0; i < kVerdicts.size(); ++i) {
    if (kVerdicts[i] == text) return static_cast<Verdict>(i);
  }
  return Verdict::skipped;
}

std::string Setup::text() const {
  if (derived) return "derived";
  return pipeline.filename().string() + (stage.empty() ? "" : ": " + stage) + (test.empty() ? "" : " (" + test + ")");
}

std::string to_text(const Request& request) {
  return written({{"number", request.number},
                  {"library", request.library.string()},
                  {"type", request.type},
                  {"pipeline", request.setup.pipeline.string()},
                  {"stage", request.setup.stage},
                  {"test", request.setup.test},
                  {"derived", request.setup.derived},
                  {"set", request.set},
                  {"plugins", texts(request.plugins)},
                  {"seed", request.seed},
                  {"strictness", request.strictness},
                  {"device", request.device}});
}

Request request_of(std::string_view text) {
  const json data = parsed(text);
  Request out;
  out.number = data.value("number", 0);
  out.library = data.value("library", "");
  out.type = data.value("type", "");
  out.setup = {data.value("pipeline", ""), data.value("stage", ""), data.value("test", ""),
               data.value("derived", false)};
  out.set = data.value("set", std::vector<std::string>());
  for (const std::string& folder : data.value("plugins", std::vector<std::string>())) out.plugins.emplace_back(folder);
  out.seed = data.value("seed", std::uint64_t{0});
  out.strictness = data.value("strictness", 0);
  out.device = data.value("device", "cpu");
  return out;
}

std::string to_text(const Outcome& outcome) {
  json sightings = json::array();
  for (const Sighting& one : outcome.sightings) sightings.push_back({{"number", one.number}, {"message", one.message}});
  return written({{"verdict", name(outcome.verdict)}, {"message", outcome.message}, {"sightings", sightings}});
}

Outcome outcome_of(std::string_view text) {
  const json data = parsed(text);
  Outcome out;
  out.verdict = verdict_named(data.value("verdict", ""));
  out.message = data.value("message", "");
  for (const json& one : data.value("sightings", json::array()))
    out.sightings.push_back({one.value("number", 0), one.value("message", "")});
  return out;
}

}  // namespace motet::verify
