// Plugins and stage types, for `motet plugins` and `motet inspect`.
#pragma once

#include <string>

#include "plugin/registry.hpp"

namespace motet::report {

std::string plugins_text(const plugin::Registry& registry);
// {"plugins": [{"id", "version", "library", "types": [id...]}], "refused": [{"file", "reason"}]}
std::string plugins_json(const plugin::Registry& registry);

std::string type_text(const plugin::StageTypeInfo& type);
std::string type_json(const plugin::StageTypeInfo& type);

}  // namespace motet::report
