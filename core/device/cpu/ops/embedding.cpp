#include <algorithm>

#include "device/cpu/epilogue.hpp"
#include "device/cpu/simd/blocks.hpp"

namespace motet::device::cpu::ops {
namespace {

std::unique_ptr<Kernel> bind(Binding& binding) {
  const std::int64_t rows = binding.shape(0)[0];
  const std::int64_t width = binding.shape(0)[1];
  const DType dtype = binding.dtype(0);
  return make_kernel([table = binding.input<std::byte>(0), ids = binding.input<std::int32_t>(1),
                      y = binding.output<float>(0), count = binding.shape(1).elements(), rows, width,
                      row_bytes = tensor::size_bytes(dtype, width), expand = simd::expand_of(dtype),
                      epilogues = Epilogues(binding)](const Run& context) {
    if (width == 0) return;
    parallel_pieces(context.pool, count, row_grain(width), [&](std::int64_t begin, std::int64_t end, int) {
      for (std::int64_t i = begin; i < end; ++i) {
        const std::int64_t id = ids[i];
        if (id < 0 || id >= rows) {
          std::fill_n(y + i * width, width, 0.0f);
        } else {
          expand(table + static_cast<std::size_t>(id) * row_bytes, y + i * width, static_cast<std::size_t>(width));
        }
      }
      epilogues.apply_rows(y, begin, end - begin);
    });
  });
}

}  // namespace

extern const KernelDef embedding;
const KernelDef embedding{bind};
}  // namespace motet::device::cpu::ops
