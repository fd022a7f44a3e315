#include <algorithm>

#include "device/cpu/kernel.hpp"

namespace motet::device::cpu::ops {
namespace {

// A task owns some rows of y and looks for their updates among all: so each row's sum has one order, and no two tasks
// write one row.
std::unique_ptr<Kernel> bind(Binding& binding) {
  const Shape& x = binding.shape(0);
  const std::int64_t width = x.elements_from(1);
  return make_kernel([x = binding.input<float>(0), index = binding.input<std::int32_t>(1),
                      updates = binding.input<float>(2), y = binding.output<float>(0), rows = x[0],
                      count = binding.shape(1)[0], width](const Run& context) {
    if (width == 0) return;
    constexpr std::int64_t kMostTasks = 32;  // each reads all indices
    const std::int64_t grain = std::max(row_grain(width), (rows + kMostTasks - 1) / kMostTasks);
    parallel_pieces(context.pool, rows, grain, [&](std::int64_t begin, std::int64_t end, int) {
      std::copy(x + begin * width, x + end * width, y + begin * width);
      for (std::int64_t n = 0; n < count; ++n) {
        if (index[n] < begin || index[n] >= end) continue;
        float* to = y + index[n] * width;
        const float* from = updates + n * width;
        for (std::int64_t i = 0; i < width; ++i) to[i] += from[i];
      }
    });
  });
}

}  // namespace

extern const KernelDef scatter_add;
const KernelDef scatter_add{bind};
}  // namespace motet::device::cpu::ops
