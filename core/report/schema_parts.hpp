// The words that the schema of a pipeline is made of.
#pragma once

#include <string>
#include <utility>

#include "plugin/registry.hpp"
#include "report/json.hpp"

namespace motet::report {

constexpr const char* kNamePattern = "^[A-Za-z_][A-Za-z0-9_-]*$";

inline nlohmann::ordered_json definition(const std::string& name) { return {{"$ref", "#/$defs/" + name}}; }

// A map with these keys and no others.
inline nlohmann::ordered_json closed(nlohmann::ordered_json properties) {
  return {{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
}

// YAML's plain scalars: a text may be written as a number.
inline nlohmann::ordered_json scalar() { return {{"type", {"string", "number", "boolean"}}}; }

// The value itself, or a text that holds ${...}.
inline nlohmann::ordered_json or_expression(nlohmann::ordered_json value) {
  return {{"anyOf", {std::move(value), definition("expression")}}};
}

// The definitions of the stage types that are there: "stage" for a pipeline's stages and "slot:KIND" for what fills a
// slot, by `use`, and the rules of each type. They refer to "expression", "reference" and "connection".
void add_stage_types(const plugin::Registry& registry, nlohmann::ordered_json& definitions);

}  // namespace motet::report
