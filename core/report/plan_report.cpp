#include "report/plan_report.hpp"

#include <algorithm>

#include "report/device_report.hpp"
#include "report/json.hpp"

namespace motet::report {
namespace {

using nlohmann::ordered_json;

std::uint64_t arena_bytes(const PlanFacts& facts) {
  std::uint64_t most = 0;
  for (const Recorder::Planned& one : facts.programs) most = std::max(most, one.arena_bytes);
  return most;
}

}  // namespace

std::string plan_text(const PlanFacts& facts) {
  std::string out = facts.pipeline + " on " + facts.device + "\n\n";
  int number = 1;
  for (const UnitFacts& unit : facts.units) {
    out += std::to_string(number++) + "  " + unit.way + "  " + unit.name + "\n";
    for (const std::string& stage : unit.stages) out += "     " + stage + "\n";
    for (const std::string& input : unit.inputs) out += "     in  " + input + "\n";
    if (!unit.missing.empty()) out += "     " + unit.missing + "\n";
  }
  if (facts.programs.empty()) return out;
  out += "\none arena for all plans: " + size_text(arena_bytes(facts)) + "\n";
  for (const Recorder::Planned& one : facts.programs) out += "\n" + one.program + "\n" + one.plan;
  return out;
}

std::string plan_json(const PlanFacts& facts) {
  ordered_json out{{"pipeline", facts.pipeline}, {"device", facts.device}, {"units", ordered_json::array()}};
  for (const UnitFacts& unit : facts.units) {
    ordered_json one{{"name", unit.name}, {"way", unit.way}, {"stages", unit.stages}, {"inputs", unit.inputs}};
    if (!unit.missing.empty()) one["missing"] = unit.missing;
    out["units"].push_back(std::move(one));
  }
  out["arena_bytes"] = arena_bytes(facts);
  out["programs"] = ordered_json::array();
  for (const Recorder::Planned& one : facts.programs) {
    out["programs"].push_back({{"name", one.name},
                               {"ops", one.ops},
                               {"steps", one.steps},
                               {"arena_bytes", one.arena_bytes},
                               {"program", one.program},
                               {"plan", one.plan}});
  }
  return json_text(out);
}

}  // namespace motet::report
