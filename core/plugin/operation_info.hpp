// What a plugin says of an operation that it brings: part of its manifest.
#pragma once

#include <motet/abi.h>

#include <string>
#include <string_view>
#include <vector>

#include "tensor/dtype.hpp"

namespace motet::plugin {

struct OperandInfo {
  std::string name;
  std::string help;
  tensor::DType dtype = tensor::DType::f32;
  bool optional = false;
  friend bool operator==(const OperandInfo&, const OperandInfo&) = default;
};

struct AttributeInfo {
  std::string name;
  std::string help;
  motet_attribute_kind kind = MOTET_ATTRIBUTE_NUMBER;
  bool required = false;
  double otherwise = 0;  // where it is not required
  double minimum = 0;    // -infinity and infinity: none
  double maximum = 0;
  friend bool operator==(const AttributeInfo&, const AttributeInfo&) = default;
};

struct OperationInfo {
  std::string plugin;  // its id
  std::string id;      // "wave.fold/1"
  std::string summary;
  std::vector<OperandInfo> inputs;
  std::vector<OperandInfo> outputs;
  std::vector<AttributeInfo> attributes;
  friend bool operator==(const OperationInfo&, const OperationInfo&) = default;
};

// "integer", "number"
std::string_view attribute_kind_name(motet_attribute_kind kind);

// The operation as a table of the plugin has it, checked. Throws Error(plugin), naming the obligation.
OperationInfo describe_operation(const motet_operation* given, const std::string& plugin, const std::string& what);

}  // namespace motet::plugin
