// From the tables of a loaded library to a PluginInfo, each table checked before it is believed.
#include <cmath>
#include <set>

#include "plugin/manifest.hpp"
#include "plugin/tables.hpp"

namespace motet::plugin {
namespace {

std::vector<PortInfo> read_ports(const motet_port* first, std::uint32_t count, const std::string& what) {
  std::vector<PortInfo> out;
  each(first, count, what, [&](const motet_port& port, const std::string& name) {
    out.push_back({wanted_text(port.name, name + ".name"), wanted_text(port.type, name + ".type"),
                   text_or_empty(port.help), port.flags});
  });
  refuse_twice(out, what);
  return out;
}

ParamInfo read_param(const motet_param& param, const std::string& name) {
  ParamInfo out;
  out.name = wanted_text(param.name, name + ".name");
  out.help = text_or_empty(param.help);
  out.kind = param.kind;
  if (param.kind < MOTET_PARAM_BOOL || param.kind > MOTET_PARAM_STRINGS)
    malformed(name + ".kind is " + std::to_string(param.kind));
  out.required = param.required != 0;
  if (param.otherwise != nullptr) out.otherwise = param.otherwise;
  out.minimum = param.minimum;
  out.maximum = param.maximum;
  if (std::isnan(param.minimum) || std::isnan(param.maximum)) malformed(name + " has a range that is not a number");
  for (const char* const* choice = param.choices; choice != nullptr && *choice != nullptr; ++choice) {
    if (out.choices.size() >= kMostEntries) malformed(name + ".choices has no end");
    out.choices.emplace_back(*choice);
  }
  return out;
}

StageTypeInfo read_type(const motet_stage_type* given, const std::string& plugin, const std::string& what) {
  const motet_stage_type& type = sized(given, what);
  StageTypeInfo out;
  out.plugin = plugin;
  out.id = wanted_text(type.id, what + ".id");
  const std::string name = "stage type '" + out.id + "'";
  if (out.id.find(':') != std::string::npos) malformed(name + ": ids hold no colon");
  out.kind = wanted_text(type.kind, name + ": kind");
  out.summary = text_or_empty(type.summary);
  out.example = text_or_empty(type.example);
  out.inputs = read_ports(type.inputs, type.n_inputs, name + ": inputs");
  out.outputs = read_ports(type.outputs, type.n_outputs, name + ": outputs");
  each(type.params, type.n_params, name + ": params",
       [&](const motet_param& param, const std::string& at) { out.params.push_back(read_param(param, at)); });
  refuse_twice(out.params, name + ": params");
  each(type.slots, type.n_slots, name + ": slots", [&](const motet_slot_def& slot, const std::string& at) {
    out.slots.push_back({wanted_text(slot.name, at + ".name"), wanted_text(slot.kind, at + ".kind"),
                         text_or_empty(slot.help), slot.required != 0});
  });
  refuse_twice(out.slots, name + ": slots");
  out.concurrency = type.concurrency;
  out.determinism = type.determinism;
  if (type.concurrency != MOTET_SERIAL && type.concurrency != MOTET_PARALLEL)
    malformed(name + ": concurrency is " + std::to_string(type.concurrency));
  if (type.determinism < MOTET_PURE || type.determinism > MOTET_IMPURE)
    malformed(name + ": determinism is " + std::to_string(type.determinism));
  if (type.create == nullptr || type.destroy == nullptr || type.extension == nullptr)
    malformed(name + ": create, destroy and extension are wanted");
  for (std::string_view id : kExtensions) {
    if (type.extension(std::string(id).c_str()) != nullptr) out.extensions.emplace_back(id);
  }
  if (out.extensions.empty()) malformed(name + ": it has none of the extensions that make a stage");
  return out;
}

// A plugin that was built against 1.0 was never asked for anything else than its stage types.
constexpr std::uint32_t kMinorWithOperations = 1;

void read_operations(const motet_plugin_entry& entry, PluginInfo& out) {
  if (entry.abi_minor < kMinorWithOperations) return;
  const auto* given = static_cast<const motet_operations*>(entry.get_factory("motet.operations/1"));
  if (given == nullptr) return;
  const std::string factory = "the factory motet.operations/1";
  const motet_operations& table = sized(given, factory);
  if (table.count == 0 || table.count > kMostEntries || table.operations == nullptr)
    malformed(factory + " has no operations");
  std::set<std::string> seen;
  for (std::uint32_t i = 0; i < table.count; ++i) {
    out.operations.push_back(describe_operation(table.operations[i], out.id, "operations[" + std::to_string(i) + "]"));
    if (!seen.insert(out.operations.back().id).second)
      malformed("the operation '" + out.operations.back().id + "' is there twice");
  }
}

}  // namespace

PluginInfo describe(const motet_plugin_entry& entry) {
  PluginInfo out;
  out.id = wanted_text(entry.id, "the plugin's id");
  const bool plain = out.id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") == std::string::npos;
  if (!plain) malformed("the plugin's id '" + out.id + "' has characters other than a-z, 0-9, _ and -");
  out.version = wanted_text(entry.version, "the plugin's version");
  out.abi_major = entry.abi_major;
  out.abi_minor = entry.abi_minor;
  if (entry.get_factory == nullptr) malformed("get_factory is missing");
  const std::string factory = "the factory motet.stage_types/1";
  const auto& types = sized(static_cast<const motet_stage_types*>(entry.get_factory("motet.stage_types/1")), factory);
  if (types.count == 0 || types.count > kMostEntries || types.types == nullptr)
    malformed("the plugin has no stage types");
  std::set<std::string> seen;
  for (std::uint32_t i = 0; i < types.count; ++i) {
    out.types.push_back(read_type(types.types[i], out.id, "stage_types[" + std::to_string(i) + "]"));
    if (!seen.insert(out.types.back().id).second)
      malformed("the stage type '" + out.types.back().id + "' is there twice");
  }
  read_operations(entry, out);
  return out;
}

}  // namespace motet::plugin
