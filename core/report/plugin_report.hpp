// Plugins and stage types, for `motet plugins` and `motet inspect`.
#pragma once

#include <string>

#include "plugin/registry.hpp"

namespace motet::report {

std::string plugins_text(const plugin::Registry& registry);
// {"plugins": [{"id", "version", "abi", "library", "types": [{"id", "kind", "summary"}], "operations": [{"id",
// "summary"}]}], "refused": [{"file", "reason"}]}
std::string plugins_json(const plugin::Registry& registry);

std::string type_text(const plugin::StageTypeInfo& type);
std::string type_json(const plugin::StageTypeInfo& type);

// One operation that a plugin brings: operands, outputs, attributes.
std::string operation_text(const plugin::OperationInfo& operation);
std::string operation_json(const plugin::OperationInfo& operation);

}  // namespace motet::report
