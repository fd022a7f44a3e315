// A setup for a stage type that no pipeline uses: parameters of its example and defaults, sizes for its letters, random
// weights of the shapes that it declares.
#pragma once

#include "verify/last_call.hpp"
#include "verify/request.hpp"

namespace motet::verify {

// Writes pipeline.yaml, and weights.safetensors where weights are declared, into the folder request.setup.pipeline; the
// stage is called request.setup.stage. Creates and negotiates an instance on the way. Throws Skipped with what stands
// in the way and what to give, and base::Error where the plugin refuses.
void derive(const Request& request, LastCall& last_call);

}  // namespace motet::verify
