// Quantised weights: expanded, or multiplied as they are. Same values as tensor::dequantise.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tensor/dtype.hpp"

namespace motet::device::cpu::simd {

// `elements` consecutive elements of any floating or quantised type as floats; whole blocks.
using Expand = void (*)(const std::byte* blocks, float* out, std::size_t elements);
Expand expand_of(tensor::DType dtype);

// y[m, r] = dot(weight row r, x[m]) for r < rows, m < m_count. weight [rows, k] of the dtype, row_bytes between rows;
// x [m_count, k] with ldx and y with ldy elements between rows. A sum's order depends on k alone.
struct DotRows {
  const std::byte* weight;
  std::size_t row_bytes, rows, k;
  const float* x;
  std::size_t ldx, m_count;
  float* y;
  std::size_t ldy;
};
using Dot = void (*)(const DotRows& work);
Dot dot_of(tensor::DType dtype);

}  // namespace motet::device::cpu::simd
