#include "device/cpu/epilogue.hpp"

#include <algorithm>

namespace motet::device::cpu {

Epilogues::Epilogues(const Binding& binding, const float* bias, std::size_t done) {
  if (!binding.outputs.empty() && binding.out_shape().rank() > 0) width_ = binding.out_shape()[-1];
  if (bias != nullptr) {
    Stage stage;
    stage.binary = simd::binary_rows("add").both;
    stage.operand = bias;
    stage.col_stride = 1;
    stages_.push_back(stage);
  }
  using Reach = plan::Epilogue::Reach;
  for (std::size_t i = 0; i < binding.step.epilogues.size(); ++i) {
    const plan::Epilogue& epilogue = binding.step.epilogues[i];
    Stage stage;
    if (epilogue.operand == 0) {
      stage.unary = simd::unary_row(epilogue.fn);
    } else {
      const simd::BinaryRows forms = simd::binary_rows(epilogue.fn);
      stage.operand = reinterpret_cast<const float*>(binding.epilogue_operands[i].data);
      stage.operand_first = epilogue.operand_first;
      stage.row_stride = epilogue.reach == Reach::same ? width_ : 0;
      stage.col_stride = epilogue.reach == Reach::one ? 0 : 1;
      stage.binary = epilogue.reach != Reach::one ? forms.both : epilogue.operand_first ? forms.one_a : forms.one_b;
    }
    stages_.push_back(stage);
  }
  stages_.erase(stages_.begin(), stages_.begin() + static_cast<std::ptrdiff_t>(done));
}

void Epilogues::apply_to(float* at, std::int64_t row, std::int64_t col, std::int64_t cols) const {
  const auto n = static_cast<std::size_t>(cols);
  for (const Stage& stage : stages_) {
    if (stage.unary != nullptr) {
      stage.unary(at, at, n);
      continue;
    }
    const float* operand = stage.operand + row * stage.row_stride + col * stage.col_stride;
    if (stage.operand_first) {
      stage.binary(operand, at, at, n);
    } else {
      stage.binary(at, operand, at, n);
    }
  }
}

void Epilogues::apply(float* y, std::int64_t row, std::int64_t rows, std::int64_t col, std::int64_t cols) const {
  if (stages_.empty()) return;
  for (std::int64_t r = row; r < row + rows; ++r) apply_to(y + r * width_ + col, r, col, cols);
}

void Epilogues::apply_flat(float* y, std::int64_t begin, std::int64_t end) const {
  if (stages_.empty() || width_ == 0) return;
  while (begin < end) {
    const std::int64_t row = begin / width_;
    const std::int64_t col = begin % width_;
    const std::int64_t cols = std::min(width_ - col, end - begin);
    apply_to(y + begin, row, col, cols);
    begin += cols;
  }
}

}  // namespace motet::device::cpu
