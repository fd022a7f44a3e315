#include "device/cpu/kernel.hpp"
#include "device/cpu/simd/rows.hpp"

namespace motet::device::cpu::ops {
namespace {

std::unique_ptr<Kernel> bind(Binding& binding) {
  const std::int64_t width = binding.shape(0)[-1];
  return make_kernel([x = binding.input<float>(0), y = binding.output<std::int32_t>(0), width,
                      rows = binding.out_shape().elements(), find = simd::rows().argmax](const Run& context) {
    parallel_pieces(context.pool, rows, row_grain(width), [&](std::int64_t begin, std::int64_t end, int) {
      for (std::int64_t row = begin; row < end; ++row) {
        y[row] = static_cast<std::int32_t>(find(x + row * width, static_cast<std::size_t>(width)));
      }
    });
  });
}

}  // namespace

extern const KernelDef argmax;
const KernelDef argmax{bind};
}  // namespace motet::device::cpu::ops
