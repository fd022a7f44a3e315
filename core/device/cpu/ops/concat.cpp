#include <cstring>

#include "device/cpu/kernel.hpp"

namespace motet::device::cpu::ops {
namespace {

struct Part {
  const std::uint32_t* data;
  std::int64_t run;  // elements of one outer index, all in a row
};

std::unique_ptr<Kernel> bind(Binding& binding) {
  const Shape& out = binding.out_shape();
  const int axis = program::checked_axis(binding.attributes().integer("axis"), out.rank());
  std::int64_t outer = 1;
  for (int d = 0; d < axis; ++d) outer *= out[d];
  std::vector<Part> parts;
  std::int64_t width = 0;
  for (std::size_t i = 0; i < binding.inputs.size(); ++i) {
    std::int64_t run = 1;
    for (int d = axis; d < out.rank(); ++d) run *= binding.shape(i)[d];
    parts.push_back({binding.input<std::uint32_t>(i), run});
    width += run;
  }
  return make_kernel([parts, outer, width, y = binding.output<std::uint32_t>(0)](const Run& context) {
    parallel_pieces(context.pool, outer, row_grain(width), [&](std::int64_t begin, std::int64_t end, int) {
      for (std::int64_t row = begin; row < end; ++row) {
        std::uint32_t* to = y + row * width;
        for (const Part& part : parts) {
          if (part.run == 0) continue;
          std::memcpy(to, part.data + row * part.run, static_cast<std::size_t>(part.run) * sizeof *to);
          to += part.run;
        }
      }
    });
  });
}

}  // namespace

extern const KernelDef concat;
const KernelDef concat{bind};
}  // namespace motet::device::cpu::ops
