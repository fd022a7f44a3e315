#include "program/op_def.hpp"

#include <algorithm>

#include "program/custom.hpp"

namespace motet::program {

namespace ops {
#define X(op) extern const OpDef op;
#include "program/op_table.inc"
#undef X
}  // namespace ops

std::span<const OpDef* const> all_ops() {
  static const OpDef* const table[] = {
#define X(op) &ops::op,
#include "program/op_table.inc"
#undef X
  };
  return table;
}

const OpDef* find_op(std::string_view name) {
  for (const OpDef* op : all_ops()) {
    if (op->name == name) return op;
  }
  return nullptr;
}

namespace {

AttributeKind kind_of(const Attribute& value) { return static_cast<AttributeKind>(value.index()); }

std::string_view kind_name(AttributeKind kind) {
  constexpr std::string_view kNames[] = {"an integer", "a number", "a string", "a list of integers"};
  return kNames[static_cast<std::size_t>(kind)];
}

Attribute checked(const OpDef& op, const AttributeDef& def, const Attribute& given) {
  if (def.kind == AttributeKind::number && kind_of(given) == AttributeKind::integer) {
    return static_cast<double>(std::get<std::int64_t>(given));
  }
  expect(kind_of(given) == def.kind, std::string(op.name) + ": attribute " + std::string(def.name) + " must be " +
                                         std::string(kind_name(def.kind)));
  if (def.kind == AttributeKind::string && !def.choices.empty()) {
    const std::string& value = std::get<std::string>(given);
    std::string known;
    for (std::string_view choice : def.choices) known += (known.empty() ? "" : ", ") + std::string(choice);
    expect(
        std::find(def.choices.begin(), def.choices.end(), value) != def.choices.end(),
        std::string(op.name) + ": attribute " + std::string(def.name) + " is '" + value + "', wanted one of " + known);
  }
  return given;
}

}  // namespace

Attributes OpDef::complete(const Attributes& given) const {
  Attributes out;
  for (const AttributeDef& def : attributes) {
    const Attribute* value = given.find(def.name);
    expect(value != nullptr || !def.required,
           std::string(name) + ": attribute " + std::string(def.name) + " is missing");
    out.set(def.name, value != nullptr ? checked(*this, def, *value) : def.otherwise);
  }
  for (const auto& [key, value] : given) {
    const bool known = std::any_of(attributes.begin(), attributes.end(),
                                   [&, &k = key](const AttributeDef& def) { return def.name == k; });
    expect(known, std::string(name) + ": no attribute " + key);
  }
  return out;
}

std::vector<TensorType> OpDef::output_types(std::span<const TensorType* const> operands,
                                            const Attributes& complete) const {
  const bool variadic = !inputs.empty() && inputs.back().variadic;
  expect(operands.size() == inputs.size() || (variadic && operands.size() >= inputs.size()),
         std::string(name) + ": takes " + std::to_string(inputs.size()) + " operands, got " +
             std::to_string(operands.size()));
  for (std::size_t i = 0; i < operands.size(); ++i) {
    const InputDef& def = inputs[std::min(i, inputs.size() - 1)];
    expect(operands[i] != nullptr || def.optional,
           std::string(name) + ": operand " + std::string(def.name) + " is missing");
  }
  const OpCall call{operands, complete};
  std::vector<TensorType> out = custom != nullptr ? custom->infer(call) : infer(call);
  for (const TensorType& type : out) {
    // Far more than any memory, and all sums and products of sizes stay far from an overflow.
    constexpr double kMostElements = 1ll << 48;
    double elements = 1;
    for (const std::int64_t size : type.shape) elements *= static_cast<double>(size);
    expect(elements <= kMostElements, std::string(name) + ": a result of " + type.text() + " is too large");
  }
  return out;
}

void expect(bool condition, const std::string& message) {
  if (!condition) throw OpError(message);
}

void expect_f32(const OpCall& call, std::size_t input, std::string_view name) {
  expect(call.type(input).dtype == DType::f32,
         std::string(name) + " must be f32, is " + std::string(tensor::name(call.type(input).dtype)));
}

void expect_i32(const OpCall& call, std::size_t input, std::string_view name) {
  expect(call.type(input).dtype == DType::i32,
         std::string(name) + " must be i32, is " + std::string(tensor::name(call.type(input).dtype)));
}

void expect_rank(const OpCall& call, std::size_t input, std::string_view name, int rank) {
  expect(call.shape(input).rank() == rank,
         std::string(name) + " must have " + std::to_string(rank) + " dimensions, is " + call.type(input).text());
}

Shape broadcast(const Shape& a, const Shape& b) {
  const int rank = std::max(a.rank(), b.rank());
  Shape out;
  for (int axis = 0; axis < rank; ++axis) {
    const int from_a = axis - (rank - a.rank());
    const int from_b = axis - (rank - b.rank());
    const std::int64_t x = from_a >= 0 ? a[from_a] : 1;
    const std::int64_t y = from_b >= 0 ? b[from_b] : 1;
    expect(x == y || x == 1 || y == 1, "shapes " + a.text() + " and " + b.text() + " do not broadcast");
    out.push_back(x == 1 ? y : x);
  }
  return out;
}

int checked_axis(std::int64_t axis, int rank) {
  expect(axis >= -rank && axis < rank,
         "axis " + std::to_string(axis) + " is outside a tensor of " + std::to_string(rank) + " dimensions");
  return static_cast<int>(axis < 0 ? axis + rank : axis);
}

}  // namespace motet::program
