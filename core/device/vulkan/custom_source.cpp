#include "device/vulkan/custom_source.hpp"

#include <bit>
#include <string_view>

#include "device/vulkan/math_glsl.inc"  // kMathGlsl, from shaders/include/math.glsl

namespace motet::device::vulkan {
namespace {

using program::AttributeKind;
using program::CustomOperand;

constexpr std::size_t kFactsOfTensor = 3 + static_cast<std::size_t>(tensor::kMaxRank);

constexpr std::string_view kHead = R"(#version 450
layout(local_size_x_id = 0, local_size_y = 1, local_size_z = 1) in;
layout(push_constant) uniform MotetPush { uint motet_first, motet_count; };
layout(std430, binding = 0) readonly buffer MotetFacts { uint motet_facts[]; };
)";
constexpr std::string_view kMore = R"(
float sin_exact(float x) { return cos_sin_exact(x).y; }
float cos_exact(float x) { return cos_sin_exact(x).x; }
uint motet_size(uint rank_at, int axis) {
  const int rank = int(motet_facts[rank_at]);
  const int at = axis < 0 ? axis + rank : axis;
  return at >= 0 && at < rank ? motet_facts[rank_at + 1u + uint(at)] : 1u;
}
)";

std::string replaced(std::string_view text, std::initializer_list<std::pair<std::string_view, std::string>> with) {
  std::string out(text);
  for (const auto& [from, to] : with) {
    for (std::size_t at = 0; (at = out.find(from, at)) != std::string::npos; at += to.size())
      out.replace(at, from.size(), to);
  }
  return out;
}

// What stands behind the functions of math.glsl keeps out of the author's way.
std::string math() {
  return replaced(kMathGlsl, {{"cosine_near(", "motet_near_c("},
                              {"sine_near(", "motet_near_s("},
                              {"turned(", "motet_turned("},
                              {"scaled(", "motet_scaled("},
                              {"kInfinity", "motet_infinity"}});
}

std::string type_of(const CustomOperand& operand) { return operand.dtype == tensor::DType::i32 ? "int" : "float"; }

// Sizes of an operand or output, whose facts begin at word `at`.
std::string shape_functions(const CustomOperand& operand, std::size_t at) {
  return replaced(R"(
bool NAME_given() { return motet_facts[GIVEN] != 0u; }
uint NAME_count() { return motet_facts[COUNT]; }
uint NAME_rank() { return motet_facts[RANK]; }
uint NAME_size(int axis) { return motet_size(RANK, axis); }
)",
                  {{"NAME", std::string(operand.name)},
                   {"GIVEN", std::to_string(at) + "u"},
                   {"COUNT", std::to_string(at + 1) + "u"},
                   {"RANK", std::to_string(at + 2) + "u"}});
}

std::string accessor(const CustomOperand& operand, std::size_t binding) {
  const bool integer = operand.dtype == tensor::DType::i32;
  return replaced(R"(
layout(std430, binding = BINDING) readonly buffer MotetBuffer_NAME { TYPE motet_NAME[]; };
TYPE NAME_at(uint i) { return i < NAME_count() ? motet_NAME[i] : OUTSIDE; }
)",
                  {{"BINDING", std::to_string(binding)},
                   {"NAME", std::string(operand.name)},
                   {"TYPE", type_of(operand)},
                   {"OUTSIDE", integer ? "int(0x80000000u)" : "uintBitsToFloat(0x7FC00000u)"}});
}

std::string attribute(const program::AttributeDef& def, std::size_t at) {
  const bool integer = def.kind == AttributeKind::integer;
  const std::string word = "motet_facts[" + std::to_string(at) + "u]";
  return std::string(integer ? "int " : "float ") + std::string(def.name) + " = " +
         (integer ? "int(" : "uintBitsToFloat(") + word + ");\n";
}

}  // namespace

std::string custom_source(const program::OpDef& op, std::size_t output) {
  const program::Custom& custom = *op.custom;
  const CustomOperand& made = custom.outputs()[output];
  std::string out = std::string(kHead) + math() + std::string(kMore);
  std::size_t at = 0;
  std::size_t binding = 1;
  for (const CustomOperand& operand : custom.inputs()) {
    out += shape_functions(operand, at) + accessor(operand, binding++);
    at += kFactsOfTensor;
  }
  for (const CustomOperand& operand : custom.outputs()) {
    out += shape_functions(operand, at);
    at += kFactsOfTensor;
  }
  for (const program::AttributeDef& def : op.attributes) out += attribute(def, at++);
  out += replaced(R"(
layout(std430, binding = BINDING) writeonly buffer MotetResult { TYPE motet_result[]; };
TYPE NAME_at(uint i);
)",
                  {{"BINDING", std::to_string(binding)}, {"TYPE", type_of(made)}, {"NAME", std::string(made.name)}});
  // `#line` speaks of the line after it.
  out += "#line 1 " + std::to_string(kAuthorsPart) + "\n" + std::string(custom.glsl()) + "\n#line 1 " +
         std::to_string(kAuthorsPart + 1) + "\n";
  return out + replaced(R"(void main() {
  const uint motet_group = gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x;
  const uint motet_i = motet_group * gl_WorkGroupSize.x + gl_LocalInvocationID.x;
  if (motet_i < motet_count) motet_result[motet_first + motet_i] = NAME_at(motet_first + motet_i);
}
)",
                        {{"NAME", std::string(made.name)}});
}

std::vector<std::uint32_t> custom_facts(const KernelCall& call) {
  std::vector<std::uint32_t> words;
  const auto add = [&](plan::TensorId id) {
    const std::size_t begin = words.size();
    if (id != 0) {
      const tensor::Shape& shape = call.type(id).shape;
      words.push_back(1);
      words.push_back(static_cast<std::uint32_t>(shape.elements()));
      words.push_back(static_cast<std::uint32_t>(shape.rank()));
      for (const std::int64_t size : shape) words.push_back(static_cast<std::uint32_t>(size));
    }
    words.resize(begin + kFactsOfTensor, 0);
  };
  for (const plan::TensorId id : call.step().inputs) add(id);
  for (const plan::TensorId id : call.step().outputs) add(id);
  for (const program::AttributeDef& def : call.step().op->attributes) {
    const bool integer = def.kind == AttributeKind::integer;
    words.push_back(integer ? static_cast<std::uint32_t>(call.attributes().integer(def.name))
                            : std::bit_cast<std::uint32_t>(static_cast<float>(call.attributes().number(def.name))));
  }
  return words;
}

}  // namespace motet::device::vulkan
