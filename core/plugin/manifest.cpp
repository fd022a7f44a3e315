#include "plugin/manifest.hpp"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <tuple>

#include "base/error.hpp"

namespace motet::plugin {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kManifestVersion = 1;

Json bound(double value) { return std::isinf(value) ? Json(nullptr) : Json(value); }

Json ports_json(const std::vector<PortInfo>& ports) {
  Json out = Json::array();
  for (const PortInfo& port : ports)
    out.push_back({{"name", port.name}, {"type", port.type}, {"help", port.help}, {"flags", port.flags}});
  return out;
}

Json param_json(const ParamInfo& param) {
  return {{"name", param.name},
          {"help", param.help},
          {"kind", param_kind_name(param.kind)},
          {"required", param.required},
          {"default", param.otherwise ? Json(*param.otherwise) : Json(nullptr)},
          {"min", bound(param.minimum)},
          {"max", bound(param.maximum)},
          {"choices", param.choices}};
}

Json type_json(const StageTypeInfo& type) {
  Json params = Json::array();
  for (const ParamInfo& param : type.params) params.push_back(param_json(param));
  Json slots = Json::array();
  for (const SlotInfo& slot : type.slots) {
    slots.push_back({{"name", slot.name}, {"kind", slot.kind}, {"help", slot.help}, {"required", slot.required}});
  }
  return {{"id", type.id},
          {"kind", type.kind},
          {"summary", type.summary},
          {"example", type.example},
          {"inputs", ports_json(type.inputs)},
          {"outputs", ports_json(type.outputs)},
          {"params", params},
          {"slots", slots},
          {"concurrency", type.concurrency},
          {"determinism", type.determinism},
          {"extensions", type.extensions}};
}

Json operands_json(const std::vector<OperandInfo>& operands) {
  Json out = Json::array();
  for (const OperandInfo& operand : operands) {
    out.push_back({{"name", operand.name},
                   {"help", operand.help},
                   {"dtype", tensor::name(operand.dtype)},
                   {"optional", operand.optional}});
  }
  return out;
}

Json operation_json(const OperationInfo& operation) {
  Json attributes = Json::array();
  for (const AttributeInfo& attribute : operation.attributes) {
    attributes.push_back({{"name", attribute.name},
                          {"help", attribute.help},
                          {"kind", attribute_kind_name(attribute.kind)},
                          {"required", attribute.required},
                          {"default", attribute.required ? Json(nullptr) : Json(attribute.otherwise)},
                          {"min", bound(attribute.minimum)},
                          {"max", bound(attribute.maximum)}});
  }
  return {{"id", operation.id},
          {"summary", operation.summary},
          {"inputs", operands_json(operation.inputs)},
          {"outputs", operands_json(operation.outputs)},
          {"attributes", attributes}};
}

Json plugin_json(const PluginInfo& plugin) {
  Json operations = Json::array();
  for (const OperationInfo& operation : plugin.operations) operations.push_back(operation_json(operation));
  Json types = Json::array();
  for (const StageTypeInfo& type : plugin.types) types.push_back(type_json(type));
  return {{"motet_manifest", kManifestVersion},
          {"plugin", plugin.id},
          {"version", plugin.version},
          {"abi", {{"major", plugin.abi_major}, {"minor", plugin.abi_minor}}},
          {"stage_types", types},
          {"operations", operations}};
}

// What is read. Unlike the ordered kind it moves its members about, it does not copy them.
using Read = nlohmann::json;

// nlohmann's destructor takes memory for what it destroys, unless that is empty, and ends the program where there is
// none. Emptied from the inside; what nests deeper than a manifest does is left to the destructor, which does not
// recur.
struct Dismantled {
  explicit Dismantled(Read& json) : json_(json) {}
  ~Dismantled() { empty(json_, 0); }
  Dismantled(const Dismantled&) = delete;
  Dismantled& operator=(const Dismantled&) = delete;

 private:
  static void empty(Read& json, int depth) {
    constexpr int kDeepest = 16;
    if (!json.is_structured()) return;
    for (Read& inner : json) {
      if (depth < kDeepest) empty(inner, depth + 1);
    }
    json.clear();
  }
  Read& json_;
};

double read_bound(const Read& value, double infinity) { return value.is_null() ? infinity : value.get<double>(); }

// nlohmann converts any number to an integer, whether or not it fits.
std::uint32_t read_whole(const Read& value) {
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > std::numeric_limits<std::uint32_t>::max())
    base::fail(base::ErrorKind::plugin, "the manifest has " + (value.is_number() ? value.dump() : value.type_name()) +
                                            " where a whole number from 0 on is wanted");
  return value.get<std::uint32_t>();
}

std::vector<PortInfo> read_ports(const Read& ports) {
  std::vector<PortInfo> out;
  for (const Read& port : ports) {
    out.push_back({port.at("name"), port.at("type"), port.at("help"), read_whole(port.at("flags"))});
  }
  return out;
}

ParamInfo read_param(const Read& param) {
  ParamInfo out;
  out.name = param.at("name");
  out.help = param.at("help");
  const std::string kind = param.at("kind");
  out.kind = MOTET_PARAM_BOOL;
  while (out.kind <= MOTET_PARAM_STRINGS && param_kind_name(out.kind) != kind) ++out.kind;
  if (out.kind > MOTET_PARAM_STRINGS)
    base::fail(base::ErrorKind::plugin, "the manifest knows no parameter kind '" + kind + "'");
  out.required = param.at("required");
  if (!param.at("default").is_null()) out.otherwise = param.at("default").get<std::string>();
  out.minimum = read_bound(param.at("min"), -std::numeric_limits<double>::infinity());
  out.maximum = read_bound(param.at("max"), std::numeric_limits<double>::infinity());
  out.choices = param.at("choices").get<std::vector<std::string>>();
  return out;
}

StageTypeInfo read_type(const Read& type, const std::string& plugin) {
  StageTypeInfo out;
  out.plugin = plugin;
  out.id = type.at("id");
  out.kind = type.at("kind");
  out.summary = type.at("summary");
  out.example = type.at("example");
  out.inputs = read_ports(type.at("inputs"));
  out.outputs = read_ports(type.at("outputs"));
  for (const Read& param : type.at("params")) out.params.push_back(read_param(param));
  for (const Read& slot : type.at("slots")) {
    out.slots.push_back({slot.at("name"), slot.at("kind"), slot.at("help"), slot.at("required").get<bool>()});
  }
  out.concurrency = read_whole(type.at("concurrency"));
  out.determinism = read_whole(type.at("determinism"));
  out.extensions = type.at("extensions").get<std::vector<std::string>>();
  return out;
}

std::vector<OperandInfo> read_operands(const Read& operands) {
  std::vector<OperandInfo> out;
  for (const Read& operand : operands) {
    const std::string dtype = operand.at("dtype");
    const bool integer = dtype == tensor::name(tensor::DType::i32);
    if (!integer && dtype != tensor::name(tensor::DType::f32))
      base::fail(base::ErrorKind::plugin, "the manifest gives an operand the type '" + dtype + "', which none has");
    out.push_back({operand.at("name"), operand.at("help"), integer ? tensor::DType::i32 : tensor::DType::f32,
                   operand.at("optional").get<bool>()});
  }
  return out;
}

OperationInfo read_operation(const Read& operation, const std::string& plugin) {
  OperationInfo out;
  out.plugin = plugin;
  out.id = operation.at("id");
  out.summary = operation.at("summary");
  out.inputs = read_operands(operation.at("inputs"));
  out.outputs = read_operands(operation.at("outputs"));
  for (const Read& attribute : operation.at("attributes")) {
    const std::string kind_text = attribute.at("kind");
    const motet_attribute_kind kind =
        kind_text == attribute_kind_name(MOTET_ATTRIBUTE_INTEGER) ? MOTET_ATTRIBUTE_INTEGER : MOTET_ATTRIBUTE_NUMBER;
    if (kind_text != attribute_kind_name(kind))
      base::fail(base::ErrorKind::plugin, "the manifest knows no attribute kind '" + kind_text + "'");
    out.attributes.push_back({attribute.at("name"), attribute.at("help"), kind, attribute.at("required").get<bool>(),
                              attribute.at("default").is_null() ? 0 : attribute.at("default").get<double>(),
                              read_bound(attribute.at("min"), -std::numeric_limits<double>::infinity()),
                              read_bound(attribute.at("max"), std::numeric_limits<double>::infinity())});
  }
  return out;
}

// "stage_types[0].inputs[1].type" and both values at the first place where the trees differ.
std::string difference(const Json& manifest, const Json& library, const std::string& path) {
  if (manifest.is_object() && library.is_object()) {
    for (const auto& [key, value] : library.items()) {
      const std::string inner = path.empty() ? key : path + "." + key;
      if (!manifest.contains(key)) return inner + " is missing in the manifest";
      std::string found = difference(manifest.at(key), value, inner);
      if (!found.empty()) return found;
    }
    return {};
  }
  if (manifest.is_array() && library.is_array()) {
    for (std::size_t i = 0; i < manifest.size() && i < library.size(); ++i) {
      std::string found = difference(manifest[i], library[i], path + "[" + std::to_string(i) + "]");
      if (!found.empty()) return found;
    }
    if (manifest.size() == library.size()) return {};
    return path + " has " + std::to_string(manifest.size()) + " entries in the manifest, " +
           std::to_string(library.size()) + " in the library";
  }
  if (manifest == library) return {};
  const auto shown = [](const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); };
  return path + " is " + shown(manifest) + " in the manifest, " + shown(library) + " in the library";
}

}  // namespace

std::string manifest_text(const PluginInfo& plugin) {
  try {
    return plugin_json(plugin).dump(2) + "\n";
  } catch (const Json::exception&) {
    base::fail(base::ErrorKind::plugin, "[C004] a name or help text is not UTF-8");
  }
}

PluginInfo parse_manifest(std::string_view text) {
  try {
    Read json = Read::parse(text);
    const Dismantled dismantled{json};
    const std::uint32_t version = read_whole(json.at("motet_manifest"));
    if (version != kManifestVersion) {
      base::fail(base::ErrorKind::plugin, "the manifest has version " + std::to_string(version) +
                                              ", this Motet reads " + std::to_string(kManifestVersion));
    }
    PluginInfo out;
    out.id = json.at("plugin");
    out.version = json.at("version");
    out.abi_major = read_whole(json.at("abi").at("major"));
    out.abi_minor = read_whole(json.at("abi").at("minor"));
    for (const Read& type : json.at("stage_types")) out.types.push_back(read_type(type, out.id));
    // Those of contract 1.0 say nothing of operations.
    if (const auto operations = json.find("operations"); operations != json.end()) {
      for (const Read& operation : *operations) out.operations.push_back(read_operation(operation, out.id));
    }
    return out;
  } catch (const Read::parse_error& error) {
    base::fail(base::ErrorKind::plugin, "the manifest is not JSON: byte " + std::to_string(error.byte));
  } catch (const Read::exception& error) {
    // "[json.exception.out_of_range.403] key 'abi' not found"
    const std::string what = error.what();
    const std::size_t end = what.find("] ");
    base::fail(base::ErrorKind::plugin,
               "the manifest is malformed: " + (end == std::string::npos ? what : what.substr(end + 2)));
  }
}

std::string first_difference(const PluginInfo& manifest, const PluginInfo& library) {
  const auto told = [](const PluginInfo& one) {
    return std::tie(one.id, one.version, one.abi_major, one.abi_minor, one.types, one.operations);
  };
  if (told(manifest) == told(library)) return {};
  return difference(plugin_json(manifest), plugin_json(library), {});
}

std::string abi_refusal(std::uint32_t major, std::uint32_t minor) {
  if (major == MOTET_ABI_MAJOR && minor <= MOTET_ABI_MINOR) return {};
  const auto text = [](std::uint32_t a, std::uint32_t b) { return std::to_string(a) + "." + std::to_string(b); };
  const bool newer = major > MOTET_ABI_MAJOR || (major == MOTET_ABI_MAJOR && minor > MOTET_ABI_MINOR);
  return "it was built against version " + text(major, minor) + " of the plugin contract, this Motet has " +
         text(MOTET_ABI_MAJOR, MOTET_ABI_MINOR) + ": " + (newer ? "update Motet" : "rebuild the plugin");
}

}  // namespace motet::plugin
