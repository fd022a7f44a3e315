#include <algorithm>
#include <cmath>

#include "device/cpu/kernel.hpp"

namespace motet::device::cpu::ops {
namespace {

// Keeps the k best so far sorted in the output itself: k is small, and most elements fail the first comparison.
void top_of_row(const float* x, std::int64_t width, std::int64_t k, float* values, std::int32_t* indices) {
  std::int64_t count = 0;
  for (std::int64_t i = 0; i < width; ++i) {
    if (count == k && !(x[i] > values[k - 1])) continue;
    std::int64_t at = count < k ? count++ : k - 1;
    for (; at > 0 && x[i] > values[at - 1]; --at) {
      values[at] = values[at - 1];
      indices[at] = indices[at - 1];
    }
    values[at] = x[i];
    indices[at] = static_cast<std::int32_t>(i);
  }
}

std::unique_ptr<Kernel> bind(Binding& binding) {
  const std::int64_t width = binding.shape(0)[-1];
  const std::int64_t k = binding.attributes().integer("k");
  return make_kernel([x = binding.input<float>(0), values = binding.output<float>(0),
                      indices = binding.output<std::int32_t>(1), width, k,
                      rows = binding.out_shape().elements() / k](const Run& context) {
    parallel_pieces(context.pool, rows, row_grain(width), [&](std::int64_t begin, std::int64_t end, int) {
      for (std::int64_t row = begin; row < end; ++row) {
        top_of_row(x + row * width, width, k, values + row * k, indices + row * k);
      }
    });
  });
}

}  // namespace

extern const KernelDef top_k;
const KernelDef top_k{bind};
}  // namespace motet::device::cpu::ops
