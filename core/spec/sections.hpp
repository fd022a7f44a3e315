// The sections of a pipeline file, one function each. All mistakes go to the diagnostics; what is wrong is left out.
#pragma once

#include <vector>

#include "base/diagnostic.hpp"
#include "spec/fields.hpp"
#include "spec/pipeline.hpp"

namespace motet::spec {

std::vector<ParamSpec> read_params(const Fields& pipeline, base::Diagnostics& diagnostics);
std::vector<WeightsSpec> read_weights(const Fields& pipeline, base::Diagnostics& diagnostics);
std::vector<InputSpec> read_inputs(const Fields& pipeline, base::Diagnostics& diagnostics);
std::vector<StageSpec> read_stages(const Fields& pipeline, base::Diagnostics& diagnostics);
std::vector<OutputSpec> read_outputs(const Fields& pipeline, base::Diagnostics& diagnostics);

}  // namespace motet::spec
