#include <algorithm>

#include "device/cpu/row_kernel.hpp"

namespace motet::device::cpu::ops {
namespace {

std::unique_ptr<Kernel> bind(Binding& binding) {
  return make_row_kernel(binding, [](const float* x, float* y, std::size_t n) { std::reverse_copy(x, x + n, y); });
}

}  // namespace

extern const KernelDef reverse;
const KernelDef reverse{bind};
}  // namespace motet::device::cpu::ops
