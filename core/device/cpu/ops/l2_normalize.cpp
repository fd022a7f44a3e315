#include <algorithm>
#include <cmath>

#include "device/cpu/row_kernel.hpp"
#include "device/cpu/simd/rows.hpp"

namespace motet::device::cpu::ops {
namespace {

std::unique_ptr<Kernel> bind(Binding& binding) {
  return make_row_kernel(binding, [&math = simd::rows(), eps = binding.attributes().number("eps")](
                                      const float* x, float* y, std::size_t n) {
    double sum = 0;
    double squares = 0;  // in double: a square of a float neither overflows nor vanishes there
    math.moments(x, n, &sum, &squares);
    math.scale_shift(x, static_cast<float>(1.0 / std::max(std::sqrt(squares), eps)), 0.0f, y, n);
  });
}

}  // namespace

extern const KernelDef l2_normalize;
const KernelDef l2_normalize{bind};
}  // namespace motet::device::cpu::ops
