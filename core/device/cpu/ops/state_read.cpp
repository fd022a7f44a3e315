#include <algorithm>
#include <cstring>

#include "device/cpu/kernel.hpp"

namespace motet::device::cpu::ops {
namespace {

std::unique_ptr<Kernel> bind(Binding& binding) {
  const Shape& state = binding.shape(0);
  const std::int64_t width = state.elements_from(1);
  return make_kernel([from = binding.input<float>(0), row = binding.input<std::int32_t>(1),
                      position = binding.input<std::int32_t>(2), y = binding.output<float>(0),
                      count = binding.shape(1)[0], rows = state[0], width](const Run& context) {
    if (width == 0) return;
    parallel_pieces(context.pool, count, row_grain(width), [&](std::int64_t begin, std::int64_t end, int) {
      for (std::int64_t n = begin; n < end; ++n) {
        if (row[n] < 0 || row[n] >= rows || position[n] == 0) {
          std::fill_n(y + n * width, width, 0.0f);
        } else {
          std::memcpy(y + n * width, from + row[n] * width, static_cast<std::size_t>(width) * sizeof *y);
        }
      }
    });
  });
}

}  // namespace

extern const KernelDef state_read;
const KernelDef state_read{bind};
}  // namespace motet::device::cpu::ops
