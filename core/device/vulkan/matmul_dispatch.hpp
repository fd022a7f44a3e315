// Matrix products on this device: which shader, and how it is fed. Used by matmul and conv1d.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "device/vulkan/kernel.hpp"

namespace motet::device::vulkan {

// y[batch] = a[batch] b[batch] of one step's output.
struct Product {
  Operand a;  // f32[rows, depth], rows a_stride elements apart
  Operand b;  // [columns, depth] of `weight`; f32[depth, columns] where depth_first
  tensor::DType weight = tensor::DType::f32;
  bool depth_first = false;
  std::uint64_t rows = 0, columns = 0, depth = 0, a_stride = 0;
  // Where each batch's a and b begin, in elements, in turn. y is dense.
  std::vector<std::uint32_t> offsets{0, 0};
  std::optional<Operand> bias;  // [columns], added before the step's epilogues
};

void add_product(KernelCall& call, const Product& product);

}  // namespace motet::device::vulkan
