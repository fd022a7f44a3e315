#include "report/plugin_report.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "report/json.hpp"
#include "report/param_notes.hpp"

namespace motet::report {
namespace {

using nlohmann::ordered_json;
using plugin::ParamInfo;
using plugin::PortInfo;

// Rows whose columns line up; the last one is as long as it likes.
std::string table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string out;
  for (const auto& row : rows) {
    std::string line = " ";
    for (std::size_t i = 0; i < row.size(); ++i) line += " " + row[i] + std::string(widths[i] - row[i].size() + 1, ' ');
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

std::string port_notes(const PortInfo& port) {
  std::string out;
  const auto note = [&](std::uint32_t flag, const char* text) {
    if (port.has(flag)) out += (out.empty() ? "" : ", ") + std::string(text);
  };
  note(MOTET_PORT_OPTIONAL, "optional");
  note(MOTET_PORT_RAGGED_PAD, "padded in a batch");
  note(MOTET_PORT_RAGGED_EXACT, "only equal lengths share a batch");
  note(MOTET_PORT_FROM_CALLER, "given by the stage that has the slot");
  note(MOTET_PORT_STREAM, "a stream");
  note(MOTET_PORT_WHOLE_LIST, "takes the whole list");
  return out.empty() ? out : "(" + out + ")";
}

std::string joined(const std::string& a, const std::string& b) { return a.empty() || b.empty() ? a + b : a + " " + b; }

std::string ports_text(const char* title, const std::vector<PortInfo>& ports) {
  if (ports.empty()) return {};
  std::vector<std::vector<std::string>> rows;
  for (const PortInfo& port : ports) rows.push_back({port.name, port.type, joined(port.help, port_notes(port))});
  return std::string("\n") + title + "\n" + table(rows);
}

ordered_json ports_data(const std::vector<PortInfo>& ports) {
  ordered_json out = ordered_json::array();
  for (const PortInfo& port : ports) {
    ordered_json one{{"name", port.name},
                     {"type", port.type},
                     {"help", port.help},
                     {"optional", port.has(MOTET_PORT_OPTIONAL)},
                     {"from_caller", port.has(MOTET_PORT_FROM_CALLER)},
                     {"stream", port.has(MOTET_PORT_STREAM)},
                     {"whole_list", port.has(MOTET_PORT_WHOLE_LIST)}};
    if (port.has(MOTET_PORT_RAGGED_PAD)) one["ragged"] = "pad";
    if (port.has(MOTET_PORT_RAGGED_EXACT)) one["ragged"] = "exact";
    out.push_back(std::move(one));
  }
  return out;
}

ordered_json param_data(const ParamInfo& param) {
  ordered_json out{{"name", param.name},
                   {"type", plugin::param_kind_name(param.kind)},
                   {"help", param.help},
                   {"required", param.required}};
  if (param.otherwise) out["default"] = *param.otherwise;
  if (param.kind == MOTET_PARAM_INT || param.kind == MOTET_PARAM_FLOAT) {
    if (std::isfinite(param.minimum)) out["min"] = param.minimum;
    if (std::isfinite(param.maximum)) out["max"] = param.maximum;
  }
  if (!param.choices.empty()) out["choices"] = param.choices;
  return out;
}

struct Way {
  std::string_view name, about;
};

Way way_of(const plugin::StageTypeInfo& type) {
  if (type.is_generator()) return {"generator", "a generator: the engine runs it step by step"};
  if (type.is_tensor()) return {"tensor", "a tensor stage: it writes operations for the device"};
  if (!type.is_host()) return {"service", "serves another stage, in a slot"};
  return type.concurrency == MOTET_PARALLEL
             ? Way{"host", "a host stage: it works on values, on the processor, on several items at once"}
             : Way{"host", "a host stage: it works on values, on the processor, on one item after the other"};
}

Way determinism_of(const plugin::StageTypeInfo& type) {
  if (type.determinism == MOTET_PURE) return {"pure", "pure: the same inputs give the same result"};
  if (type.determinism == MOTET_SEEDED)
    return {"seeded", "seeded: chance plays a part, and the same seed gives the same result"};
  return {"impure", "impure: the same inputs may give another result each time"};
}

}  // namespace

std::string plugins_text(const plugin::Registry& registry) {
  std::string out;
  for (const plugin::PluginInfo& plugin : registry.plugins()) {
    out += plugin.id + " " + plugin.version + "  " + plugin.library.string() + "\n";
    std::vector<std::vector<std::string>> rows;
    for (const plugin::StageTypeInfo& type : plugin.types) rows.push_back({type.id, type.summary});
    for (const plugin::OperationInfo& operation : plugin.operations)
      rows.push_back({operation.id, "(operation) " + operation.summary});
    out += table(rows);
  }
  if (registry.plugins().empty()) out += "no plugins\n";
  for (const plugin::Refused& refused : registry.refused())
    out += "refused " + refused.file.string() + ": " + refused.reason + "\n";
  return out;
}

std::string plugins_json(const plugin::Registry& registry) {
  ordered_json out{{"plugins", ordered_json::array()}, {"refused", ordered_json::array()}};
  for (const plugin::PluginInfo& plugin : registry.plugins()) {
    ordered_json types = ordered_json::array();
    for (const plugin::StageTypeInfo& type : plugin.types)
      types.push_back({{"id", type.id}, {"kind", type.kind}, {"summary", type.summary}});
    ordered_json operations = ordered_json::array();
    for (const plugin::OperationInfo& operation : plugin.operations)
      operations.push_back({{"id", operation.id}, {"summary", operation.summary}});
    out["plugins"].push_back({{"id", plugin.id},
                              {"version", plugin.version},
                              {"abi", std::to_string(plugin.abi_major) + "." + std::to_string(plugin.abi_minor)},
                              {"library", plugin.library.string()},
                              {"types", std::move(types)},
                              {"operations", std::move(operations)}});
  }
  for (const plugin::Refused& refused : registry.refused()) {
    out["refused"].push_back({{"file", refused.file.string()}, {"reason", refused.reason}});
  }
  return json_text(out);
}

std::string type_text(const plugin::StageTypeInfo& type) {
  std::string out = type.id + ", of the kind " + type.kind + " and the plugin " + type.plugin + "\n";
  if (!type.summary.empty()) out += type.summary + "\n";
  out += std::string(way_of(type).about) + "\n" + std::string(determinism_of(type).about) + "\n";
  out += ports_text("inputs", type.inputs) + ports_text("outputs", type.outputs);
  if (!type.params.empty()) {
    std::vector<std::vector<std::string>> rows;
    for (const ParamInfo& param : type.params) {
      rows.push_back({param.name, std::string(plugin::param_kind_name(param.kind)), described(param)});
    }
    out += "\nparameters, under with:\n" + table(rows);
  }
  if (!type.slots.empty()) {
    std::vector<std::vector<std::string>> rows;
    for (const plugin::SlotInfo& slot : type.slots) {
      rows.push_back({slot.name, "a " + slot.kind, joined(slot.help, slot.required ? "(required)" : "")});
    }
    out += "\nslots\n" + table(rows);
  }
  if (!type.example.empty()) out += "\nexample\n" + type.example + (type.example.ends_with('\n') ? "" : "\n");
  return out;
}

namespace {

std::string operands_text(const char* title, const std::vector<plugin::OperandInfo>& operands) {
  std::vector<std::vector<std::string>> rows;
  for (const plugin::OperandInfo& operand : operands) {
    rows.push_back({operand.name, std::string(tensor::name(operand.dtype)),
                    joined(operand.help, operand.optional ? "(optional)" : "")});
  }
  return std::string("\n") + title + "\n" + table(rows);
}

ordered_json operands_data(const std::vector<plugin::OperandInfo>& operands) {
  ordered_json out = ordered_json::array();
  for (const plugin::OperandInfo& operand : operands) {
    out.push_back({{"name", operand.name},
                   {"dtype", tensor::name(operand.dtype)},
                   {"help", operand.help},
                   {"optional", operand.optional}});
  }
  return out;
}

}  // namespace

std::string operation_text(const plugin::OperationInfo& operation) {
  std::string out = operation.id + ", an operation of the plugin " + operation.plugin + "\n";
  if (!operation.summary.empty()) out += operation.summary + "\n";
  out += "stages write it; a pipeline knows it where it has a stage of that plugin\n";
  out += operands_text("operands", operation.inputs) + operands_text("outputs", operation.outputs);
  if (operation.attributes.empty()) return out;
  std::vector<std::vector<std::string>> rows;
  for (const plugin::AttributeInfo& attribute : operation.attributes) {
    rows.push_back({attribute.name, std::string(plugin::attribute_kind_name(attribute.kind)), described(attribute)});
  }
  return out + "\nattributes\n" + table(rows);
}

std::string operation_json(const plugin::OperationInfo& operation) {
  ordered_json attributes = ordered_json::array();
  for (const plugin::AttributeInfo& attribute : operation.attributes) {
    ordered_json one{{"name", attribute.name},
                     {"type", plugin::attribute_kind_name(attribute.kind)},
                     {"help", attribute.help},
                     {"required", attribute.required}};
    if (!attribute.required) one["default"] = attribute.otherwise;
    if (std::isfinite(attribute.minimum)) one["min"] = attribute.minimum;
    if (std::isfinite(attribute.maximum)) one["max"] = attribute.maximum;
    attributes.push_back(std::move(one));
  }
  return json_text({{"id", operation.id},
                    {"plugin", operation.plugin},
                    {"summary", operation.summary},
                    {"inputs", operands_data(operation.inputs)},
                    {"outputs", operands_data(operation.outputs)},
                    {"attributes", std::move(attributes)}});
}

std::string type_json(const plugin::StageTypeInfo& type) {
  ordered_json params = ordered_json::array(), slots = ordered_json::array();
  for (const ParamInfo& param : type.params) params.push_back(param_data(param));
  for (const plugin::SlotInfo& slot : type.slots) {
    slots.push_back({{"name", slot.name}, {"kind", slot.kind}, {"help", slot.help}, {"required", slot.required}});
  }
  return json_text({{"id", type.id},
                    {"plugin", type.plugin},
                    {"kind", type.kind},
                    {"summary", type.summary},
                    {"way", way_of(type).name},
                    {"concurrency", type.concurrency == MOTET_PARALLEL ? "parallel" : "serial"},
                    {"determinism", determinism_of(type).name},
                    {"inputs", ports_data(type.inputs)},
                    {"outputs", ports_data(type.outputs)},
                    {"params", std::move(params)},
                    {"slots", std::move(slots)},
                    {"extensions", type.extensions},
                    {"example", type.example}});
}

}  // namespace motet::report
