#include <numeric>

#include "device/cpu/kernel.hpp"

namespace motet::device::cpu::ops {
namespace {

std::unique_ptr<Kernel> bind(Binding& binding) {
  const std::int64_t width = binding.out_shape()[-1];
  const std::int64_t rows = width == 0 ? 0 : binding.out_shape().elements() / width;
  return make_kernel([rows, width, y = binding.output<std::int32_t>(0)](const Run& context) {
    parallel_pieces(context.pool, rows, row_grain(width), [&](std::int64_t begin, std::int64_t end, int) {
      for (std::int64_t row = begin; row < end; ++row) std::iota(y + row * width, y + (row + 1) * width, 0);
    });
  });
}

}  // namespace

extern const KernelDef iota;
const KernelDef iota{bind};
}  // namespace motet::device::cpu::ops
