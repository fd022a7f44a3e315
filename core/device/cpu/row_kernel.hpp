// Kernels that turn each row of the last dimension into a row of the same length.
#pragma once

#include "device/cpu/epilogue.hpp"

namespace motet::device::cpu {

// row_of(const float* x, float* y, std::size_t n) for each row of input 0, then the epilogues.
template <class RowOf>
std::unique_ptr<Kernel> make_row_kernel(const Binding& binding, RowOf row_of) {
  const Shape& shape = binding.out_shape();
  const std::int64_t width = shape[-1];
  const std::int64_t rows = width == 0 ? 0 : shape.elements() / width;
  return make_kernel([x = binding.input<float>(0), y = binding.output<float>(0), rows, width, row_of,
                      epilogues = Epilogues(binding)](const Run& context) {
    parallel_pieces(context.pool, rows, row_grain(width), [&](std::int64_t begin, std::int64_t end, int) {
      for (std::int64_t row = begin; row < end; ++row) {
        row_of(x + row * width, y + row * width, static_cast<std::size_t>(width));
        epilogues.apply_rows(y, row, 1);
      }
    });
  });
}

}  // namespace motet::device::cpu
