// What will run where, for `motet plan`: the units in order, their programs and plans.
#pragma once

#include <string>
#include <vector>

#include "report/recorder.hpp"

namespace motet::report {

struct UnitFacts {
  std::string name;
  std::string way;                  // "host", "island"
  std::vector<std::string> stages;  // "encoder (encoder.transformer)"
  std::vector<std::string> inputs;  // of an island: "encoder.x  f32[B, S]  from sound"
  std::string missing;              // why its programs are not here, empty where they are
};

struct PlanFacts {
  std::string pipeline;
  std::string device;
  std::vector<UnitFacts> units;
  std::vector<Recorder::Planned> programs;
};

std::string plan_text(const PlanFacts& facts);
// {"pipeline", "device", "units": [{"name", "way", "stages", "inputs"}], "arena_bytes", "programs": [{"name", "ops",
// "steps", "arena_bytes", "program", "plan"}]}
std::string plan_json(const PlanFacts& facts);

}  // namespace motet::report
