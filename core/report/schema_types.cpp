#include <cmath>
#include <set>

#include "report/param_notes.hpp"
#include "report/schema_parts.hpp"

namespace motet::report {
namespace {

using nlohmann::ordered_json;
using plugin::ParamInfo;
using plugin::StageTypeInfo;

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
  // Editors show the description alone, so that it must have the range too.
  if (const std::string words = described(param); !words.empty()) out["description"] = words;
  if (param.otherwise) out["default"] = default_of(param);
  return out;
}

// What a stage of one type may and must have, beside `use`.
class TypeRules {
 public:
  TypeRules(const StageTypeInfo& type, bool called) : called_(called) {
    ordered_json properties{{"with", with(type)}, {"in", ports(type)}, {"slots", slots(type)}};
    // What fills a slot runs where the stage runs that has it, and a program runs no code on values.
    if (called || type.is_tensor() || type.is_generator())
      properties["isolate"] = {{"const", false}, {"description", "host stages alone are isolated"}};
    out_ = {{"title", type.id}, {"properties", std::move(properties)}};
    if (!needed_.empty()) out_["required"] = std::move(needed_);
  }
  ordered_json take() { return std::move(out_); }

 private:
  // A map of which these keys are needed, and which therefore is needed too.
  ordered_json map(const char* key, ordered_json properties, ordered_json required) {
    ordered_json out = closed(std::move(properties));
    if (required.empty()) return out;
    out["required"] = std::move(required);
    needed_.push_back(key);
    return out;
  }

  ordered_json with(const StageTypeInfo& type) {
    ordered_json params = ordered_json::object();
    ordered_json required = ordered_json::array();
    for (const ParamInfo& param : type.params) {
      params[param.name] = param_schema(param);
      if (param.required && !param.otherwise) required.push_back(param.name);
    }
    return map("with", std::move(params), std::move(required));
  }

  ordered_json ports(const StageTypeInfo& type) {
    ordered_json properties = ordered_json::object();
    ordered_json required = ordered_json::array();
    for (const plugin::PortInfo& port : type.inputs) {
      if (port.has(MOTET_PORT_FROM_CALLER)) continue;
      ordered_json value = definition("connection");
      value["description"] = port.type + (port.help.empty() ? "" : ": " + port.help);
      properties[port.name] = std::move(value);
      if (!called_ && !port.has(MOTET_PORT_OPTIONAL)) required.push_back(port.name);
    }
    const std::size_t connectable = properties.size();
    ordered_json out = map("in", std::move(properties), std::move(required));
    if (connectable != 1) return out;
    return {{"anyOf", {out, definition("connection")}}};  // a stage with one input may name its source alone
  }

  ordered_json slots(const StageTypeInfo& type) {
    ordered_json properties = ordered_json::object();
    ordered_json required = ordered_json::array();
    for (const plugin::SlotInfo& slot : type.slots) {
      ordered_json value = definition("slot:" + slot.kind);
      value["description"] = "a " + slot.kind + (slot.help.empty() ? "" : ": " + slot.help);
      properties[slot.name] = std::move(value);
      if (slot.required) required.push_back(slot.name);
    }
    return map("slots", std::move(properties), std::move(required));
  }

  bool called_;  // by the stage whose slot it fills, which needs no ports of it
  ordered_json needed_ = ordered_json::array();
  ordered_json out_;
};

// Every type that fills one slot, or every type there is.
struct Choice {
  std::string kind;  // of the slot; empty: a stage of the pipeline
  ordered_json ids = ordered_json::array(), summaries = ordered_json::array();
  std::string qualified;  // the alternatives of a pattern, "audio:audio\.waveform|..."
  ordered_json rules = ordered_json::array();
};

std::string pattern_of(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '.' ? "\\." : std::string(1, c);
  return out;
}

bool is_called(const StageTypeInfo& type, const std::string& slot_kind) {
  return !slot_kind.empty() && !type.is_tensor();
}

std::string rules_name(const StageTypeInfo& type, bool called) {
  return (called ? "filler:" : "type:") + type.plugin + ":" + type.id;
}

void offer(const StageTypeInfo& type, bool ambiguous, Choice& choice) {
  const std::string full = type.plugin + ":" + type.id;
  choice.ids.push_back(ambiguous ? full : type.id);
  choice.summaries.push_back(type.summary);
  choice.qualified += (choice.qualified.empty() ? "" : "|") + pattern_of(full);
  // A pattern and no enum: editors would offer what stands in an enum.
  const std::string either = "^(" + pattern_of(type.plugin) + ":)?" + pattern_of(type.id) + "$";
  choice.rules.push_back({{"if", {{"properties", {{"use", {{"pattern", either}}}}}, {"required", {"use"}}}},
                          {"then", definition(rules_name(type, is_called(type, choice.kind)))}});
}

ordered_json isolation_schema() {
  const auto amount = [](const char* description) {
    return ordered_json{{"type", "integer"}, {"minimum", 1}, {"description", description}};
  };
  ordered_json limits = closed({{"timeout_ms", amount("how long a call may take; 60000 where nothing is said")},
                                {"memory_mb", amount("how much the process may take; any where nothing is said")}});
  return {{"anyOf", {{{"type", "boolean"}}, std::move(limits)}},
          {"description", "runs a host stage, and what fills its slots, in a process of its own"}};
}

ordered_json stage_keys() {
  ordered_json weights{{"anyOf",
                        {{{"type", "string"}},
                         {{"type", "object"},
                          {"properties", {{"from", {{"type", "string"}}}, {"prefix", scalar()}}},
                          {"required", {"from"}},
                          {"additionalProperties", false}}}},
                       {"description", "one of the pipeline's weights, and how the names in it begin"}};
  return {{"use", {{"type", "string"}}},
          {"include", {{"type", "string"}, {"description", "another pipeline's file or folder, as one stage"}}},
          {"with", {{"type", "object"}, {"description", "the type's parameters"}}},
          {"weights", std::move(weights)},
          {"in", {{"description", "what each input takes: stage, stage.port or inputs.name"}}},
          {"slots", {{"type", "object"}, {"description", "stages that fill the type's slots"}}},
          {"isolate", isolation_schema()}};
}

ordered_json stage_schema(const plugin::Registry& registry, const std::string& kind) {
  Choice choice;
  choice.kind = kind;
  for (const plugin::PluginInfo& plugin : registry.plugins()) {
    for (const StageTypeInfo& type : plugin.types) {
      if (kind.empty() || type.kind == kind) offer(type, registry.find(type.id).type == nullptr, choice);
    }
  }
  ordered_json out = closed(stage_keys());
  out["title"] = kind.empty() ? "a stage" : "a " + kind;
  out["properties"]["use"] = {{"description", "the stage's type; motet plugins lists them"},
                              {"anyOf",
                               {{{"enum", std::move(choice.ids)}, {"enumDescriptions", std::move(choice.summaries)}},
                                {{"type", "string"}, {"pattern", "^(" + choice.qualified + ")$"}},
                                definition("expression")}}};
  if (kind.empty()) {
    out["oneOf"] = {
        {{"required", {"use"}}},
        {{"required", {"include"}}, {"properties", {{"weights", false}, {"slots", false}, {"isolate", false}}}}};
  } else {
    out["required"] = {"use"};
  }
  if (!choice.rules.empty()) out["allOf"] = std::move(choice.rules);
  return out;
}

}  // namespace

void add_stage_types(const plugin::Registry& registry, ordered_json& definitions) {
  definitions["stage"] = stage_schema(registry, "");
  std::set<std::string> kinds;
  for (const plugin::PluginInfo& plugin : registry.plugins()) {
    for (const StageTypeInfo& type : plugin.types) {
      for (const plugin::SlotInfo& slot : type.slots) kinds.insert(slot.kind);
    }
  }
  for (const std::string& kind : kinds) definitions["slot:" + kind] = stage_schema(registry, kind);
  for (const plugin::PluginInfo& plugin : registry.plugins()) {
    for (const StageTypeInfo& type : plugin.types) {
      definitions[rules_name(type, false)] = TypeRules(type, false).take();
      if (kinds.contains(type.kind) && is_called(type, type.kind))
        definitions[rules_name(type, true)] = TypeRules(type, true).take();
    }
  }
}

}  // namespace motet::report
