#include <algorithm>
#include <cstring>

#include "device/cpu/kernel.hpp"

namespace motet::device::cpu::ops {
namespace {

std::unique_ptr<Kernel> bind(Binding& binding) {
  const std::int64_t rows = binding.shape(0)[0];
  const std::int64_t width = binding.shape(0).elements_from(1);
  return make_kernel([x = binding.input<std::uint32_t>(0), index = binding.input<std::int32_t>(1),
                      y = binding.output<std::uint32_t>(0), count = binding.shape(1).elements(), rows,
                      width](const Run& context) {
    if (width == 0) return;
    parallel_pieces(context.pool, count, row_grain(width), [&](std::int64_t begin, std::int64_t end, int) {
      for (std::int64_t n = begin; n < end; ++n) {
        const std::int64_t row = index[n];
        if (row < 0 || row >= rows) {
          std::fill_n(y + n * width, width, 0u);
        } else {
          std::memcpy(y + n * width, x + row * width, static_cast<std::size_t>(width) * sizeof *y);
        }
      }
    });
  });
}

}  // namespace

extern const KernelDef take_rows;
const KernelDef take_rows{bind};
}  // namespace motet::device::cpu::ops
