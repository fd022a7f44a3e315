#include <cstring>

#include "device/cpu/kernel.hpp"

namespace motet::device::cpu::ops {
namespace {

std::unique_ptr<Kernel> bind(Binding& binding) {
  const Shape& state = binding.shape(0);
  const std::int64_t width = state.elements_from(1);
  return make_kernel([to = reinterpret_cast<float*>(binding.inputs[0].data), x = binding.input<float>(1),
                      row = binding.input<std::int32_t>(2), count = binding.shape(2)[0], rows = state[0],
                      width](const Run& context) {
    if (width == 0) return;
    parallel_pieces(context.pool, count, row_grain(width), [&](std::int64_t begin, std::int64_t end, int) {
      for (std::int64_t n = begin; n < end; ++n) {
        if (row[n] < 0 || row[n] >= rows) continue;
        std::memcpy(to + row[n] * width, x + n * width, static_cast<std::size_t>(width) * sizeof *x);
      }
    });
  });
}

}  // namespace

extern const KernelDef state_write;
const KernelDef state_write{bind};
}  // namespace motet::device::cpu::ops
