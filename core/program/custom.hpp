// An operation that a plugin brings (`custom`): what the built-in ones have in files of their own, behind one
// interface.
//
// Each element of an output is a function of the operands, the attributes and its place: the cpu computes ranges of
// elements with the plugin's reference, Vulkan makes a shader of its GLSL body. No device knows more of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "program/op_def.hpp"

namespace motet::program {

struct CustomOperand {
  std::string_view name;
  DType dtype = DType::f32;  // f32 or i32
};

// One operand with its memory, for the reference. No type: absent.
struct CustomInput {
  const TensorType* type = nullptr;
  const std::byte* data = nullptr;
};

// One use of the operation, on memory that stays where it is.
class CustomUse {
 public:
  virtual ~CustomUse() = default;
  // Elements [begin, end) of the output, to `to`, whose first is element `begin`. Any thread, several at once;
  // allocates nothing. Throws base::Error.
  virtual void compute(std::size_t output, std::int64_t begin, std::int64_t end, std::byte* to) const = 0;
};

class Custom {
 public:
  virtual ~Custom() = default;

  virtual std::string_view plugin() const = 0;
  virtual std::span<const CustomOperand> inputs() const = 0;  // as OpDef::inputs
  virtual std::span<const CustomOperand> outputs() const = 0;
  virtual std::string_view glsl() const = 0;  // motet/operation.h says what it is

  // The shape rule. Throws OpError, or base::Error(plugin) where the plugin breaks its contract.
  virtual std::vector<TensorType> infer(const OpCall& call) const = 0;
  // Rounds of loops that one element of each output takes, at least 1.
  virtual std::vector<std::int64_t> costs(const OpCall& call, std::span<const TensorType> outputs) const = 0;
  virtual std::unique_ptr<CustomUse> use(std::span<const CustomInput> inputs, std::span<const TensorType> outputs,
                                         const Attributes& attributes) const = 0;
};

}  // namespace motet::program
