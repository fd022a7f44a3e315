// Which of a product's epilogues the dense library applies itself, while the sums are still in registers.
#pragma once

#include <cstdint>
#include <vector>

#include "device/cpu/kernel.hpp"

namespace motet::device::cpu {

struct Finish {
  enum class Kind : std::uint8_t { bias, gelu, silu, relu, add, mul };
  Kind kind = Kind::bias;
  const float* operand = nullptr;  // bias: [n]; add and mul: [m, n], as the product
};

// Those at the front of the step's chain that the library knows, `bias` f32[last dimension] before them where there is
// one. Entry i is stage i of Epilogues.
std::vector<Finish> finishes(const Binding& binding, const float* bias = nullptr);

}  // namespace motet::device::cpu
