// Sums of a few matrix rows, each times a number: what a product with few rows is where b is not transposed.
#pragma once

#include <cstddef>

namespace motet::device::cpu::simd {

// y[m, 0..cols) = sum over i < k of x[m, i] b[i, 0..cols); b has ldb elements between rows.
struct MixRows {
  const float* b;
  std::size_t ldb, k, cols;
  const float* x;
  std::size_t ldx, m_count;
  float* y;
  std::size_t ldy;
};
void mix_rows(const MixRows& work);

}  // namespace motet::device::cpu::simd
