// Matrix products on this device: which shader, and how it is fed. Used by matmul and conv1d.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "device/vulkan/kernel.hpp"

namespace motet::device::vulkan {

// y[batch] = a[batch] b[batch]. Strides are elements between rows as they lie in memory.
struct Product {
  Operand a;  // f32[rows, depth]
  Operand b;  // [columns, depth] of `weight`; f32[depth, columns] where depth_first
  Operand y;  // f32[rows, columns]
  tensor::DType weight = tensor::DType::f32;
  bool depth_first = false;
  bool a_padded = false;  // a's rows are zero from depth up to a multiple of 4
  std::uint64_t rows = 0, columns = 0, depth = 0;
  std::uint64_t a_stride = 0, b_stride = 0, y_stride = 0;
  struct Offsets {  // of the first elements
    std::uint32_t a = 0, b = 0, y = 0, unused = 0;
  };
  std::vector<Offsets> batches{Offsets{}};
  std::optional<Operand> bias;     // [columns], added before the step's epilogues
  bool epilogues = true;           // apply the step's: y is the step's output, dense
  std::uint64_t first_column = 0;  // of the step's output, where `columns` begin
};

void add_product(KernelCall& call, const Product& product);

}  // namespace motet::device::vulkan
