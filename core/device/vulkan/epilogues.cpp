#include "device/vulkan/epilogues.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

namespace motet::device::vulkan {
namespace {

// In the order of functions.glsl, from 1; the binary ones follow from kFirstBinary.
constexpr std::array<std::string_view, 20> kUnary = {
    "neg",  "abs",  "exp",       "log",        "sqrt", "rsqrt", "square", "reciprocal", "tanh",  "sigmoid",
    "relu", "gelu", "gelu_tanh", "gelu_quick", "silu", "erf",   "sin",    "cos",        "floor", "round"};
constexpr std::array<std::string_view, 7> kBinary = {"add", "sub", "mul", "div", "max", "min", "pow"};
constexpr std::uint32_t kFirstBinary = 32;
constexpr std::size_t kSlots = 5;     // EPILOGUE_0..4 of epilogue.glsl
constexpr std::size_t kOperands = 3;  // operand_0..2

}  // namespace

std::uint32_t unary_number(std::string_view fn) {
  const auto found = std::ranges::find(kUnary, fn);
  if (found == kUnary.end()) throw std::logic_error("no unary function " + std::string(fn));
  return static_cast<std::uint32_t>(found - kUnary.begin()) + 1;
}

std::uint32_t binary_number(std::string_view fn) {
  const auto found = std::ranges::find(kBinary, fn);
  if (found == kBinary.end()) throw std::logic_error("no binary function " + std::string(fn));
  return static_cast<std::uint32_t>(found - kBinary.begin()) + kFirstBinary;
}

bool is_binary(std::string_view fn) { return std::ranges::find(kBinary, fn) != kBinary.end(); }

void set_epilogues(const KernelCall& call, Dispatch& dispatch, std::optional<Operand> bias,
                   std::uint64_t first_column) {
  std::size_t slot = 0;
  std::uint32_t operands = 0;
  const auto add = [&](std::uint32_t function, std::optional<Operand> operand, plan::Epilogue::Reach reach,
                       bool operand_first) {
    if (slot == kSlots || (operand && operands == kOperands))
      throw std::logic_error("too many epilogues after " + std::string(call.step().op->name));
    // Bits: function, who is first, how far the operand reaches, which operand.
    std::uint32_t code = function | (operand_first ? 1u << 8 : 0u) | static_cast<std::uint32_t>(reach) << 9;
    if (operand) {
      if (reach == plan::Epilogue::Reach::last_dimension) {
        operand->offset += 4 * first_column;
        operand->bytes -= 4 * first_column;
      }
      code |= operands << 11;
      dispatch.bind("operand_" + std::to_string(operands++), *operand);
    }
    dispatch.set("EPILOGUE_" + std::to_string(slot++), code);
  };
  using Reach = plan::Epilogue::Reach;
  if (bias) add(binary_number("add"), bias, Reach::last_dimension, false);
  for (const plan::Epilogue& epilogue : call.step().epilogues) {
    if (epilogue.operand == 0) {
      add(unary_number(epilogue.fn), {}, Reach::same, false);
    } else {
      add(binary_number(epilogue.fn), call.tensor(epilogue.operand), epilogue.reach, epilogue.operand_first);
    }
  }
}

void add_epilogue_dispatch(KernelCall& call) {
  const tensor::Shape& shape = call.output_shape();
  Dispatch dispatch("epilogue");
  const auto elements = static_cast<std::uint32_t>(shape.elements());
  dispatch.bind("y", call.output())
      .push("n", elements)
      .push("columns", static_cast<std::uint32_t>(shape.rank() == 0 ? 1 : shape[-1]))
      .set("local_size_x", call.elementwise_size())
      .linear(elements, call.elementwise_size());
  set_epilogues(call, dispatch);
  call.add(std::move(dispatch));
}

}  // namespace motet::device::vulkan
