#include "report/schema.hpp"

#include <cmath>
#include <set>

#include "report/json.hpp"

namespace motet::report {
namespace {

using nlohmann::ordered_json;
using plugin::ParamInfo;
using plugin::StageTypeInfo;

constexpr const char* kName = "^[A-Za-z_][A-Za-z0-9_-]*$";
constexpr const char* kReference = "^[A-Za-z_][A-Za-z0-9_-]*(\\.[A-Za-z_][A-Za-z0-9_-]*)*$";

ordered_json definition(const std::string& name) { return {{"$ref", "#/$defs/" + name}}; }

ordered_json closed(ordered_json properties) {
  return {{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
}

ordered_json map_of(ordered_json values, const std::string& description) {
  return {{"type", "object"},
          {"description", description},
          {"propertyNames", {{"pattern", kName}}},
          {"additionalProperties", std::move(values)}};
}

// YAML's plain scalars: a text may be written as a number.
ordered_json scalar() { return {{"type", {"string", "number", "boolean"}}}; }

ordered_json or_expression(ordered_json value) { return {{"anyOf", {std::move(value), definition("expression")}}}; }

ordered_json number_schema(const ParamInfo& param) {
  ordered_json out{{"type", param.kind == MOTET_PARAM_INT ? "integer" : "number"}};
  if (std::isfinite(param.minimum)) out["minimum"] = param.minimum;
  if (std::isfinite(param.maximum)) out["maximum"] = param.maximum;
  return out;
}

ordered_json default_of(const ParamInfo& param) {
  const ordered_json read = ordered_json::parse(*param.otherwise, nullptr, false);
  const bool text = param.kind == MOTET_PARAM_STRING || param.kind == MOTET_PARAM_PATH;
  return read.is_discarded() || text ? ordered_json(*param.otherwise) : read;
}

ordered_json param_schema(const ParamInfo& param) {
  ordered_json out;
  switch (param.kind) {
    case MOTET_PARAM_BOOL:
      out = or_expression({{"type", "boolean"}});
      break;
    case MOTET_PARAM_INT:
    case MOTET_PARAM_FLOAT:
      out = or_expression(number_schema(param));
      break;
    case MOTET_PARAM_STRINGS:
      out = {{"anyOf", {{{"type", "array"}, {"items", scalar()}}, scalar()}}};
      break;
    default:
      out = param.choices.empty() ? scalar() : or_expression({{"enum", param.choices}});
  }
  if (!param.help.empty()) out["description"] = param.help;
  if (param.otherwise) out["default"] = default_of(param);
  return out;
}

ordered_json ports_schema(const StageTypeInfo& type) {
  ordered_json properties = ordered_json::object();
  ordered_json required = ordered_json::array();
  std::size_t connectable = 0;
  for (const plugin::PortInfo& port : type.inputs) {
    if (port.has(MOTET_PORT_FROM_CALLER)) continue;
    ++connectable;
    ordered_json value = definition("connection");
    value["description"] = port.type + (port.help.empty() ? "" : ": " + port.help);
    properties[port.name] = std::move(value);
  }
  ordered_json map = closed(std::move(properties));
  if (connectable != 1) return map;
  return {{"anyOf", {map, definition("connection")}}};  // a stage with one input may name its source alone
}

ordered_json slots_schema(const StageTypeInfo& type) {
  ordered_json properties = ordered_json::object();
  ordered_json required = ordered_json::array();
  for (const plugin::SlotInfo& slot : type.slots) {
    ordered_json value = definition("slot:" + slot.kind);
    value["description"] = "a " + slot.kind + (slot.help.empty() ? "" : ": " + slot.help);
    properties[slot.name] = std::move(value);
    if (slot.required) required.push_back(slot.name);
  }
  ordered_json out = closed(std::move(properties));
  if (!required.empty()) out["required"] = std::move(required);
  return out;
}

// What holds for a stage once `use` names this type.
ordered_json type_rules(const StageTypeInfo& type) {
  ordered_json params = ordered_json::object();
  ordered_json required = ordered_json::array();
  for (const ParamInfo& param : type.params) {
    params[param.name] = param_schema(param);
    if (param.required && !param.otherwise) required.push_back(param.name);
  }
  ordered_json with = closed(std::move(params));
  ordered_json needed = ordered_json::array();
  if (!required.empty()) {
    with["required"] = std::move(required);
    needed.push_back("with");
  }
  const ordered_json slots = slots_schema(type);
  if (slots.contains("required")) needed.push_back("slots");
  ordered_json out{{"properties", {{"with", std::move(with)}, {"in", ports_schema(type)}, {"slots", slots}}}};
  if (!needed.empty()) out["required"] = std::move(needed);
  return out;
}

// The names that `use` may have for a type: its id, and with its plugin.
ordered_json names_of(const StageTypeInfo& type) { return {type.id, type.plugin + ":" + type.id}; }

ordered_json stage_keys() {
  ordered_json use{{"type", "string"}, {"description", "the stage's type; `motet plugins` lists them"}};
  ordered_json weights{{"anyOf",
                        {{{"type", "string"}},
                         {{"type", "object"},
                          {"properties", {{"from", {{"type", "string"}}}, {"prefix", scalar()}}},
                          {"required", {"from"}},
                          {"additionalProperties", false}}}},
                       {"description", "one of the pipeline's weights, and how the names in it begin"}};
  return {{"use", std::move(use)},
          {"include", {{"type", "string"}, {"description", "another pipeline's file or folder, as one stage"}}},
          {"with", {{"type", "object"}, {"description", "the type's parameters"}}},
          {"weights", std::move(weights)},
          {"in", {{"description", "what each input takes: stage, stage.port or inputs.name"}}},
          {"slots", {{"type", "object"}, {"description", "stages that fill the type's slots"}}},
          {"isolate", {{"description", "runs the stage in a process of its own"}}}};
}

// A stage of one of these types; `kind` empty: any, and pipelines may be included.
ordered_json stage_schema(const plugin::Registry& registry, const std::string& kind) {
  ordered_json ids = ordered_json::array();
  ordered_json rules = ordered_json::array();
  for (const plugin::PluginInfo& plugin : registry.plugins()) {
    for (const StageTypeInfo& type : plugin.types) {
      if (!kind.empty() && type.kind != kind) continue;
      for (const ordered_json& name : names_of(type)) ids.push_back(name);
      rules.push_back({{"if", {{"properties", {{"use", {{"enum", names_of(type)}}}}}, {"required", {"use"}}}},
                       {"then", definition("type:" + type.plugin + ":" + type.id)}});
    }
  }
  ordered_json out = closed(stage_keys());
  out["properties"]["use"] = or_expression({{"enum", std::move(ids)}});
  out["properties"]["use"]["description"] = "the stage's type; `motet plugins` lists them";
  if (kind.empty()) {
    out["oneOf"] = {
        {{"required", {"use"}}},
        {{"required", {"include"}}, {"properties", {{"weights", false}, {"slots", false}, {"isolate", false}}}}};
  } else {
    out["required"] = {"use"};
  }
  if (!rules.empty()) out["allOf"] = std::move(rules);
  return out;
}

ordered_json pipeline_param() {
  ordered_json properties{
      {"type",
       {{"type", "string"},
        {"pattern", "^(string|text|enum|path|int|float|bool)(\\[\\])?$"},
        {"description", "string, path, int, float, bool, enum with choices, or a list of them as int[]"}}},
      {"default", ordered_json::object()},
      {"min", {{"type", "number"}}},
      {"max", {{"type", "number"}}},
      {"choices", {{"type", "array"}, {"minItems", 1}}},
      {"help", scalar()}};
  ordered_json map = closed(std::move(properties));
  map["required"] = {"type"};
  return {{"anyOf", {{{"type", "string"}}, std::move(map)}}};
}

ordered_json pipeline_input() {
  ordered_json map = closed({{"type", {{"type", "string"}}},
                             {"once", {{"type", "boolean"}}},
                             {"help", scalar()},
                             {"default", ordered_json::object()}});
  map["required"] = {"type"};
  return {{"anyOf", {{{"type", "string"}}, std::move(map)}}};
}

ordered_json definitions(const plugin::Registry& registry) {
  ordered_json out;
  out["expression"] = {{"type", "string"}, {"pattern", "\\$\\{"}};
  out["reference"] = {{"type", "string"}, {"anyOf", {{{"pattern", kReference}}, {{"pattern", "\\$\\{"}}}}};
  out["connection"] = {
      {"anyOf", {definition("reference"), {{"type", "array"}, {"items", definition("reference")}, {"minItems", 1}}}}};
  out["stage"] = stage_schema(registry, "");
  std::set<std::string> kinds;
  for (const plugin::PluginInfo& plugin : registry.plugins()) {
    for (const StageTypeInfo& type : plugin.types) {
      out["type:" + type.plugin + ":" + type.id] = type_rules(type);
      for (const plugin::SlotInfo& slot : type.slots) kinds.insert(slot.kind);
    }
  }
  for (const std::string& kind : kinds) out["slot:" + kind] = stage_schema(registry, kind);
  return out;
}

}  // namespace

std::string schema_json(const plugin::Registry& registry) {
  ordered_json stages = map_of(definition("stage"), "the stages by their names");
  stages["minProperties"] = 1;
  ordered_json outputs = map_of(definition("reference"), "what leaves, by name; the first one goes to stdout");
  outputs["minProperties"] = 1;
  ordered_json out =
      closed({{"motet", {{"const", 1}, {"description", "the version of this language"}}},
              {"name", scalar()},
              {"summary", scalar()},
              {"params", map_of(pipeline_param(), "what --set and include may give")},
              {"weights", map_of(scalar(), "names for weights: a file or a folder each")},
              {"inputs", map_of(pipeline_input(), "a type each: text, audio, tokens, f32[T, 80], text[]")},
              {"stages", std::move(stages)},
              {"outputs", std::move(outputs)}});
  out["required"] = {"motet", "stages", "outputs"};
  ordered_json schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", "A Motet pipeline"}};
  schema.update(out);
  schema["$defs"] = definitions(registry);
  return json_text(schema);
}

}  // namespace motet::report
