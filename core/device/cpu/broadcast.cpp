#include "device/cpu/broadcast.hpp"

namespace motet::device::cpu {
namespace {

Broadcast::Strides broadcast_strides(const tensor::Shape& out, const tensor::Shape& operand) {
  Broadcast::Strides strides{};
  const auto own = tensor::row_major_strides(operand);
  const int missing = out.rank() - operand.rank();
  for (int axis = 0; axis < operand.rank(); ++axis) {
    if (operand[axis] != 1) strides[static_cast<std::size_t>(axis + missing)] = own[static_cast<std::size_t>(axis)];
  }
  return strides;
}

}  // namespace

Broadcast::Broadcast(const tensor::Shape& out, std::initializer_list<const tensor::Shape*> operands) {
  std::array<Strides, kOperands> strides{};
  int count = 0;
  for (const tensor::Shape* operand : operands) strides[index(count++)] = broadcast_strides(out, *operand);
  merge(out, strides, count);
}

Broadcast::Broadcast(const tensor::Shape& out, const Strides& strides) { merge(out, {strides}, 1); }

void Broadcast::merge(const tensor::Shape& out, const std::array<Strides, kOperands>& strides, int operands) {
  int dims = 0;
  for (int axis = 0; axis < out.rank(); ++axis) {
    if (out[axis] == 1) continue;
    const auto a = static_cast<std::size_t>(axis);
    bool joins = dims > 0;
    for (int o = 0; o < operands && joins; ++o) {
      joins = strides_[index(o)][static_cast<std::size_t>(dims - 1)] == strides[index(o)][a] * out[axis];
    }
    if (!joins) ++dims;
    const auto last = static_cast<std::size_t>(dims - 1);
    sizes_[last] = joins ? sizes_[last] * out[axis] : out[axis];
    for (int o = 0; o < operands; ++o) strides_[index(o)][last] = strides[index(o)][a];
  }
  outer_ = dims > 0 ? dims - 1 : 0;
  if (dims > 0) {
    width_ = sizes_[static_cast<std::size_t>(outer_)];
    for (int o = 0; o < operands; ++o) inner_[index(o)] = strides_[index(o)][static_cast<std::size_t>(outer_)];
  }
  for (int d = 0; d < outer_; ++d) rows_ *= sizes_[static_cast<std::size_t>(d)];
}

std::int64_t Broadcast::offset(int operand, std::int64_t row) const {
  std::int64_t at = 0;
  for (int d = outer_ - 1; d >= 0; --d) {
    const auto axis = static_cast<std::size_t>(d);
    at += row % sizes_[axis] * strides_[index(operand)][axis];
    row /= sizes_[axis];
  }
  return at;
}

}  // namespace motet::device::cpu
