#include "device/cpu/row_kernel.hpp"
#include "device/cpu/simd/rows.hpp"

namespace motet::device::cpu::ops {
namespace {

std::unique_ptr<Kernel> bind(Binding& binding) {
  return make_row_kernel(binding, [&math = simd::rows()](const float* x, float* y, std::size_t n) {
    const float sum = math.exp_from_max(x, 1.0f, y, n);
    math.scale_shift(y, 1.0f / sum, 0.0f, y, n);
  });
}

}  // namespace

extern const KernelDef softmax;
const KernelDef softmax{bind};
}  // namespace motet::device::cpu::ops
