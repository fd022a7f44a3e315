#include "device/cpu/strided_copy.hpp"

namespace motet::device::cpu::ops {
namespace {

std::unique_ptr<Kernel> bind(Binding& binding) {
  const auto own = tensor::row_major_strides(binding.shape(0));
  Broadcast::Strides strides{};
  std::size_t axis = 0;
  for (std::int64_t from : binding.attributes().integers("permutation")) {
    strides[axis++] = own[static_cast<std::size_t>(from)];
  }
  return make_strided_copy(binding, Broadcast(binding.out_shape(), strides));
}

}  // namespace

extern const KernelDef transpose;
const KernelDef transpose{bind};
}  // namespace motet::device::cpu::ops
