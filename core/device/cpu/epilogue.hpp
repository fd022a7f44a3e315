// The elementwise operations that planning fused onto a step, applied to pieces of its output while they are in cache.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "device/cpu/kernel.hpp"
#include "device/cpu/simd/elementwise.hpp"

namespace motet::device::cpu {

class Epilogues {
 public:
  // Those of the binding's step. `bias` f32[last dimension], where there is one, is added before them. The first `done`
  // are left out: whoever computes the product has applied them.
  explicit Epilogues(const Binding& binding, const float* bias = nullptr, std::size_t done = 0);

  bool empty() const { return stages_.empty(); }
  // On rows [row, row + rows) and columns [col, col + cols) of the output y f32[any, width], width its last dimension.
  void apply(float* y, std::int64_t row, std::int64_t rows, std::int64_t col, std::int64_t cols) const;
  void apply_rows(float* y, std::int64_t row, std::int64_t rows) const { apply(y, row, rows, 0, width_); }
  // On elements [begin, end) of the output, counted in row-major order.
  void apply_flat(float* y, std::int64_t begin, std::int64_t end) const;

 private:
  struct Stage {
    simd::UnaryRow unary = nullptr;
    simd::BinaryRow binary = nullptr;
    const float* operand = nullptr;
    std::int64_t row_stride = 0;  // of the operand, in elements
    std::int64_t col_stride = 0;
    bool operand_first = false;
  };
  void apply_to(float* at, std::int64_t row, std::int64_t col, std::int64_t cols) const;

  std::int64_t width_ = 1;
  std::vector<Stage> stages_;
};

}  // namespace motet::device::cpu
