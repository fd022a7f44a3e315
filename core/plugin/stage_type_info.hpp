// What a plugin says of itself: its manifest, readable without loading the library.
#pragma once

#include <motet/abi.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/operation_info.hpp"

namespace motet::plugin {

struct PortInfo {
  std::string name;
  std::string type;  // as motet/stage.h writes it: "f32[B, T, D]", "text|tokens"
  std::string help;
  std::uint32_t flags = 0;  // MOTET_PORT_*
  bool has(std::uint32_t flag) const { return (flags & flag) != 0; }
  friend bool operator==(const PortInfo&, const PortInfo&) = default;
};

struct ParamInfo {
  std::string name;
  std::string help;
  motet_param_kind kind = MOTET_PARAM_STRING;
  bool required = false;
  std::optional<std::string> otherwise;  // the default, written as in YAML
  double minimum = 0;                    // of numbers; -infinity and infinity: none
  double maximum = 0;
  std::vector<std::string> choices;  // of strings; empty: any
  friend bool operator==(const ParamInfo&, const ParamInfo&) = default;
};

struct SlotInfo {
  std::string name;
  std::string kind;
  std::string help;
  bool required = false;
  friend bool operator==(const SlotInfo&, const SlotInfo&) = default;
};

struct StageTypeInfo {
  std::string plugin;  // its id
  std::string id;      // "encoder.transformer"
  std::string kind;
  std::string summary;
  std::string example;
  std::vector<PortInfo> inputs;
  std::vector<PortInfo> outputs;
  std::vector<ParamInfo> params;
  std::vector<SlotInfo> slots;
  std::uint32_t concurrency = MOTET_SERIAL;
  std::uint32_t determinism = MOTET_IMPURE;
  std::vector<std::string> extensions;  // "motet.host_stage/1", sorted

  bool has_extension(std::string_view extension) const;
  bool is_host() const { return has_extension("motet.host_stage/1"); }
  bool is_tensor() const { return has_extension("motet.tensor_stage/1"); }
  bool is_generator() const { return has_extension("motet.generator/1"); }
  bool is_tokenizer() const { return has_extension("motet.tokenizer/1"); }
  bool is_sampler() const { return has_extension("motet.sampler/1"); }
  // nullptr where there is none of that name.
  const PortInfo* find_input(std::string_view name) const;
  const PortInfo* find_output(std::string_view name) const;
  const ParamInfo* find_param(std::string_view name) const;
  const SlotInfo* find_slot(std::string_view name) const;
  friend bool operator==(const StageTypeInfo&, const StageTypeInfo&) = default;
};

struct PluginInfo {
  std::string id;
  std::string version;
  std::uint32_t abi_major = 0;  // built against
  std::uint32_t abi_minor = 0;
  std::vector<StageTypeInfo> types;
  std::vector<OperationInfo> operations;
  std::filesystem::path library;  // absolute
};

// "bool", "int", "float", "string", "path", "strings".
std::string_view param_kind_name(motet_param_kind kind);

// The extensions that this Motet asks a stage type for.
inline constexpr std::string_view kExtensions[] = {"motet.generator/1", "motet.host_stage/1", "motet.sampler/1",
                                                   "motet.tensor_stage/1", "motet.tokenizer/1"};

}  // namespace motet::plugin
