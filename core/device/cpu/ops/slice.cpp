#include "device/cpu/strided_copy.hpp"

namespace motet::device::cpu::ops {
namespace {

std::unique_ptr<Kernel> bind(Binding& binding) {
  const auto strides = tensor::row_major_strides(binding.shape(0));
  const int axis = program::checked_axis(binding.attributes().integer("axis"), binding.shape(0).rank());
  const std::int64_t first = binding.attributes().integer("begin") * strides[static_cast<std::size_t>(axis)];
  return make_strided_copy(binding, Broadcast(binding.out_shape(), strides), first);
}

}  // namespace

extern const KernelDef slice;
const KernelDef slice{bind};
}  // namespace motet::device::cpu::ops
