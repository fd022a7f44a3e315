// Walks several tensors over one output shape as rows: the last merged dimension, and an index of all others.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>

#include "tensor/shape.hpp"

namespace motet::device::cpu {

// Up to three operands that broadcast to `out`, or are read along any strides; neighbouring dimensions that all
// operands walk alike are merged.
class Broadcast {
 public:
  static constexpr int kOperands = 3;
  using Strides = std::array<std::int64_t, tensor::kMaxRank>;  // elements, an entry for each dimension of `out`

  // Operands by NumPy's rule.
  Broadcast(const tensor::Shape& out, std::initializer_list<const tensor::Shape*> operands);
  // One operand with its strides.
  Broadcast(const tensor::Shape& out, const Strides& strides);

  std::int64_t rows() const { return rows_; }
  std::int64_t width() const { return width_; }
  std::int64_t step(int operand) const { return inner_[index(operand)]; }  // stride within a row, often 0 or 1
  std::int64_t offset(int operand, std::int64_t row) const;                // of the row's first element

 private:
  static std::size_t index(int operand) { return static_cast<std::size_t>(operand); }
  void merge(const tensor::Shape& out, const std::array<Strides, kOperands>& strides, int operands);

  int outer_ = 0;  // dimensions before the last
  std::array<std::int64_t, tensor::kMaxRank> sizes_{};
  std::array<Strides, kOperands> strides_{};
  std::array<std::int64_t, kOperands> inner_{};
  std::int64_t rows_ = 1;
  std::int64_t width_ = 1;
};

}  // namespace motet::device::cpu
