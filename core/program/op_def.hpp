// What an operation is: its operands, attributes and shape rule. One file an operation in program/ops/.
//
// ops/<name>.cpp defines `const OpDef motet::program::ops::<name>`; the build collects them into all_ops(), generates
// the SDK's typed methods from them, and expects kernels of the same name in device/cpu/ops and device/vulkan/ops and
// a test in tests/ops.
#pragma once

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "program/attributes.hpp"
#include "tensor/host_tensor.hpp"

namespace motet::program {

using tensor::DType;
using tensor::Shape;
using tensor::TensorType;

// Operands or attributes that an operation does not take. The message says which and why.
class OpError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct InputDef {
  std::string_view name;
  bool optional = false;
  bool variadic = false;  // only the last: takes all remaining operands, at least one
};

enum class AttributeKind { integer, number, string, integers };

struct AttributeDef {
  std::string_view name;
  AttributeKind kind = AttributeKind::integer;
  bool required = false;
  Attribute otherwise = std::int64_t{0};    // where absent and not required; of the same kind
  std::vector<std::string_view> choices{};  // strings only; empty: any
};

// One use of an operation, seen by its shape rule. `inputs` has an entry for each InputDef (more for a variadic one);
// nullptr where an optional operand is absent.
struct OpCall {
  std::span<const TensorType* const> inputs;
  const Attributes& attributes;

  bool has(std::size_t i) const { return i < inputs.size() && inputs[i] != nullptr; }
  const TensorType& type(std::size_t i) const { return *inputs[i]; }
  const Shape& shape(std::size_t i) const { return inputs[i]->shape; }
};

class Custom;

struct OpDef {
  std::string_view name;
  std::string_view summary;  // the formula in one line
  std::vector<InputDef> inputs;
  std::vector<std::string_view> outputs;
  std::vector<AttributeDef> attributes;
  std::vector<TensorType> (*infer)(const OpCall& call);  // types of the outputs; throws OpError
  bool of_lowering = false;                              // written by lowering alone: the SDK has no method for it
  const Custom* custom = nullptr;  // of a plugin (custom.hpp), which also has the shape rule in the place of `infer`

  // The kernel that computes it on a device.
  std::string_view kernel() const { return custom != nullptr ? "custom" : name; }

  // `given` checked against the declared attributes, with defaults filled in. Throws OpError.
  Attributes complete(const Attributes& given) const;
  // Checks the number of operands, then infers. Throws OpError.
  std::vector<TensorType> output_types(std::span<const TensorType* const> operands, const Attributes& complete) const;
};

// Every operation, by name. [any thread]
std::span<const OpDef* const> all_ops();
const OpDef* find_op(std::string_view name);

// For shape rules: throws OpError with the message unless the condition holds.
void expect(bool condition, const std::string& message);
void expect_f32(const OpCall& call, std::size_t input, std::string_view name);
void expect_i32(const OpCall& call, std::size_t input, std::string_view name);
void expect_rank(const OpCall& call, std::size_t input, std::string_view name, int rank);
// NumPy's broadcasting: aligned at the last dimension, 1 stretches.
Shape broadcast(const Shape& a, const Shape& b);
// `axis` counted from the front; negative counts from the end. Throws OpError where it is out of range.
int checked_axis(std::int64_t axis, int rank);

}  // namespace motet::program
