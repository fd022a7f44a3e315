#include "device/cpu/strided_copy.hpp"

#include <algorithm>
#include <cstring>

namespace motet::device::cpu {

std::unique_ptr<Kernel> make_strided_copy(const Binding& binding, const Broadcast& walk, std::int64_t first) {
  return make_kernel(
      [x = binding.input<std::uint32_t>(0) + first, y = binding.output<std::uint32_t>(0), walk](const Run& context) {
        const std::int64_t width = walk.width();
        const std::int64_t step = walk.step(0);
        parallel_pieces(context.pool, walk.rows(), row_grain(width), [&](std::int64_t begin, std::int64_t end, int) {
          for (std::int64_t row = begin; row < end; ++row) {
            const std::uint32_t* from = x + walk.offset(0, row);
            std::uint32_t* to = y + row * width;
            if (step == 1) {
              std::memcpy(to, from, static_cast<std::size_t>(width) * sizeof *to);
            } else if (step == 0) {
              std::fill_n(to, width, *from);
            } else {
              for (std::int64_t i = 0; i < width; ++i) to[i] = from[i * step];
            }
          }
        });
      });
}

}  // namespace motet::device::cpu
