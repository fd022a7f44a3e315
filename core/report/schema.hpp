// A JSON Schema (2020-12) of pipelines, for editors and validators: `motet schema`.
#pragma once

#include <string>

#include "plugin/registry.hpp"

namespace motet::report {

// What can be said of a pipeline's text with these plugins: keys, stage types with their parameters, ports and slots.
// Wiring, shapes and weights are for `motet check`. Where a number, a flag or a choice is wanted a text with ${...} is
// taken too, since its value is not known yet.
std::string schema_json(const plugin::Registry& registry);

}  // namespace motet::report
