// motet-opgen: writes the SDK's motet/ops.hpp, one typed method an operation, from the operations' signatures.
//
// Required operands and attributes are arguments, in the order of declaration; what is optional goes into a struct
// <Op>Options. Operations that are lowering's own are left out.
#include <array>
#include <cctype>
#include <charconv>
#include <cstdio>
#include <string>
#include <string_view>

#include "program/op_def.hpp"

namespace {

using motet::program::Attribute;
using motet::program::AttributeDef;
using motet::program::AttributeKind;
using motet::program::InputDef;
using motet::program::OpDef;

std::string pascal_case(std::string_view name) {
  std::string out;
  bool upper = true;
  for (const char c : name) {
    if (c == '_') {
      upper = true;
    } else {
      out += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
      upper = false;
    }
  }
  return out;
}

std::string number_text(double value) {
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  std::string text(buffer.data(), end);
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}

const char* member_type(AttributeKind kind) {
  switch (kind) {
    case AttributeKind::integer:
      return "std::int64_t";
    case AttributeKind::number:
      return "double";
    case AttributeKind::string:
      return "std::string";
    case AttributeKind::integers:
      return "std::vector<std::int64_t>";
  }
  return "";
}

std::string argument_type(AttributeKind kind) {
  const bool by_value = kind == AttributeKind::integer || kind == AttributeKind::number;
  return by_value ? member_type(kind) : std::string("const ") + member_type(kind) + "&";
}

std::string default_text(const AttributeDef& def) {
  switch (def.kind) {
    case AttributeKind::integer:
      return " = " + std::to_string(std::get<std::int64_t>(def.otherwise));
    case AttributeKind::number:
      // An integer stands for the number of its size in a definition, as OpDef::complete takes it.
      return " = " + number_text(std::holds_alternative<double>(def.otherwise)
                                     ? std::get<double>(def.otherwise)
                                     : static_cast<double>(std::get<std::int64_t>(def.otherwise)));
    case AttributeKind::string:
      return " = \"" + std::get<std::string>(def.otherwise) + "\"";
    case AttributeKind::integers: {
      std::string list;
      for (const std::int64_t value : std::get<std::vector<std::int64_t>>(def.otherwise))
        list += (list.empty() ? "" : ", ") + std::to_string(value);
      return "{" + list + "}";
    }
  }
  return "";
}

std::string choices_comment(const AttributeDef& def) {
  std::string out;
  for (std::string_view choice : def.choices) out += (out.empty() ? "  // " : ", ") + std::string(choice);
  return out;
}

bool has_options(const OpDef& op) {
  for (const InputDef& in : op.inputs) {
    if (in.optional) return true;
  }
  for (const AttributeDef& def : op.attributes) {
    if (!def.required) return true;
  }
  return false;
}

void print_options(const OpDef& op) {
  if (!has_options(op)) return;
  std::printf("struct %sOptions {\n", pascal_case(op.name).c_str());
  for (const InputDef& in : op.inputs) {
    if (in.optional) std::printf("  Operand %s{};\n", std::string(in.name).c_str());
  }
  for (const AttributeDef& def : op.attributes) {
    if (def.required) continue;
    std::printf("  %s %s%s;%s\n", member_type(def.kind), std::string(def.name).c_str(), default_text(def).c_str(),
                choices_comment(def).c_str());
  }
  std::printf("};\n\n");
}

void print_results(const OpDef& op) {
  if (op.outputs.size() < 2) return;
  std::printf("struct %sResult {\n", pascal_case(op.name).c_str());
  for (std::string_view out : op.outputs) std::printf("  Tensor %s;\n", std::string(out).c_str());
  std::printf("};\n\n");
}

std::string argument_list(const OpDef& op) {
  std::string out;
  const auto add = [&](const std::string& argument) { out += (out.empty() ? "" : ", ") + argument; };
  for (const InputDef& in : op.inputs) {
    if (in.variadic) {
      add("const std::vector<Operand>& " + std::string(in.name));
    } else if (!in.optional) {
      add("Operand " + std::string(in.name));
    }
  }
  for (const AttributeDef& def : op.attributes) {
    if (def.required) add(argument_type(def.kind) + " " + std::string(def.name));
  }
  if (has_options(op)) add("const " + pascal_case(op.name) + "Options& options = {}");
  return out;
}

void print_operands(const OpDef& op) {
  if (!op.inputs.empty() && op.inputs.back().variadic && op.inputs.size() == 1) {
    std::printf("    const std::vector<Operand>& in = %s;\n", std::string(op.inputs.back().name).c_str());
    return;
  }
  std::string list;
  for (const InputDef& in : op.inputs) {
    if (!in.variadic)
      list += (list.empty() ? "" : ", ") + std::string(in.optional ? "options." : "") + std::string(in.name);
  }
  std::printf("    std::vector<Operand> in{%s};\n", list.c_str());
  if (!op.inputs.empty() && op.inputs.back().variadic) {
    const std::string name(op.inputs.back().name);
    std::printf("    in.insert(in.end(), %s.begin(), %s.end());\n", name.c_str(), name.c_str());
  }
}

void print_method(const OpDef& op) {
  const std::string pascal = pascal_case(op.name);
  const std::string result = op.outputs.empty() ? "void" : op.outputs.size() == 1 ? "Tensor" : pascal + "Result";
  std::printf("  // %s\n", std::string(op.summary).c_str());
  for (const AttributeDef& def : op.attributes) {
    if (def.required && !def.choices.empty()) {
      std::printf("  // %s:%s\n", std::string(def.name).c_str(), choices_comment(def).substr(4).c_str());
    }
  }
  std::printf("  %s %s(%s) {\n", result.c_str(), std::string(op.name).c_str(), argument_list(op).c_str());
  print_operands(op);
  std::string attributes;
  for (const AttributeDef& def : op.attributes) {
    attributes += (attributes.empty() ? "" : ", ") + std::string("detail::attribute(\"") + std::string(def.name) +
                  "\", " + (def.required ? "" : "options.") + std::string(def.name) + ")";
  }
  std::printf("    const std::vector<motet_attribute> attributes{%s};\n", attributes.c_str());
  std::printf("    %sstatic_cast<Self*>(this)->emit(\"%s/1\", in, attributes, %zu);\n",
              op.outputs.empty() ? "" : "const std::vector<Tensor> out = ", std::string(op.name).c_str(),
              op.outputs.size());
  if (op.outputs.size() == 1) {
    std::printf("    return out[0];\n");
  } else if (op.outputs.size() > 1) {
    std::string parts;
    for (std::size_t i = 0; i < op.outputs.size(); ++i) parts += (i == 0 ? "out[" : ", out[") + std::to_string(i) + "]";
    std::printf("    return {%s};\n", parts.c_str());
  }
  std::printf("  }\n\n");
}

constexpr const char* kHead =
    R"(// Generated by motet-opgen from the operations' signatures (core/program/ops). Do not edit.
#pragma once

#include <motet/abi.h>

#include <cstdint>
#include <string>
#include <vector>

#include "motet/tensor.hpp"

namespace motet {

namespace detail {
inline motet_attribute attribute(const char* key, std::int64_t value) {
  return {key, MOTET_ATTRIBUTE_INTEGER, 0, value, 0, nullptr, nullptr};
}
inline motet_attribute attribute(const char* key, double value) {
  return {key, MOTET_ATTRIBUTE_NUMBER, 0, 0, value, nullptr, nullptr};
}
inline motet_attribute attribute(const char* key, const std::string& value) {
  return {key, MOTET_ATTRIBUTE_STRING, 0, 0, 0, value.c_str(), nullptr};
}
inline motet_attribute attribute(const char* key, const std::vector<std::int64_t>& value) {
  return {key, MOTET_ATTRIBUTE_INTEGERS, static_cast<std::uint32_t>(value.size()), 0, 0, nullptr, value.data()};
}
}  // namespace detail

)";

}  // namespace

int main() {
  std::fputs(kHead, stdout);
  for (const OpDef* op : motet::program::all_ops()) {
    if (op->of_lowering) continue;
    print_options(*op);
    print_results(*op);
  }
  std::printf(
      "// Self has emit(op, operands, attributes, number of outputs).\ntemplate <class Self>\nclass Ops {\n public:\n");
  for (const OpDef* op : motet::program::all_ops()) {
    if (!op->of_lowering) print_method(*op);
  }
  std::printf("};\n\n}  // namespace motet\n");
  return std::ferror(stdout) != 0 || std::fflush(stdout) != 0 ? 1 : 0;
}
