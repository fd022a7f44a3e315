// Shapes as the elementwise shaders take them: broadcasting as masks, rearranging as strides, with few dimensions.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "device/vulkan/kernel.hpp"

namespace motet::device::vulkan {

// The result's dimensions, neighbours joined where every operand has both or neither; a mask for each operand with a
// bit for each dimension that it has.
struct Broadcast {
  std::vector<std::uint32_t> sizes;  // at least one
  std::vector<std::uint32_t> masks;
};
Broadcast broadcast(const tensor::Shape& result, std::span<const tensor::Shape> operands);

// y[y_offset + sum i_d y_strides[d]] = x[x_offset + sum i_d x_strides[d]], in elements of 32 bits.
struct Rearrangement {
  struct Dimension {
    std::uint32_t size, x_stride, y_stride;
  };
  std::vector<Dimension> dimensions;
  std::uint32_t x_offset = 0;
  std::uint32_t y_offset = 0;
};
void add_copy(KernelCall& call, Operand x, Operand y, const Rearrangement& wanted);

// Elements of a dense tensor as a shader counts them.
inline std::uint32_t count(const tensor::Shape& shape) { return static_cast<std::uint32_t>(shape.elements()); }
inline std::uint32_t last(const tensor::Shape& shape) {
  return shape.rank() == 0 ? 1u : static_cast<std::uint32_t>(shape[-1]);
}

}  // namespace motet::device::vulkan
