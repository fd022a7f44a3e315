// A stage's `with:` against what its type declares: types, ranges, defaults, "did you mean".
#pragma once

#include <vector>

#include "base/diagnostic.hpp"
#include "graph/flatten.hpp"
#include "host/instance.hpp"
#include "plugin/stage_type_info.hpp"

namespace motet::graph {

// One value for each declared parameter, in that order. Mistakes are added to `diagnostics` (M0120 to M0126).
std::vector<host::ParamValue> bind_arguments(const FlatStage& stage, const plugin::StageTypeInfo& type,
                                             base::Diagnostics& diagnostics);

}  // namespace motet::graph
