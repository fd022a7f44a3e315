// Operations to steps: reshapes become views, elementwise chains become epilogues of what produced their operand.
#pragma once

#include <vector>

#include "plan/plan.hpp"

namespace motet::plan {

struct Fused {
  std::vector<Step> steps;                // operands are program value ids, not yet tensors
  std::vector<program::ValueId> storage;  // by value id: the value whose memory it shares (itself where it is no view)
};

Fused fuse(const program::Program& program, const Traits& traits);

}  // namespace motet::plan
