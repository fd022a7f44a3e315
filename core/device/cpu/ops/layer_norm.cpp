#include "device/cpu/row_kernel.hpp"
#include "device/cpu/simd/rows.hpp"

namespace motet::device::cpu::ops {
namespace {

std::unique_ptr<Kernel> bind(Binding& binding) {
  return make_row_kernel(
      binding, [weight = binding.input<float>(1), bias = binding.input<float>(2), norm = simd::rows().layer_norm,
                eps = static_cast<float>(binding.attributes().number("eps"))](const float* x, float* y, std::size_t n) {
        norm(x, weight, bias, eps, y, n);
      });
}

}  // namespace

extern const KernelDef layer_norm;
const KernelDef layer_norm{bind};
}  // namespace motet::device::cpu::ops
