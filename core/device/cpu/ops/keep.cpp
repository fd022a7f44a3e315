#include <cstring>

#include "device/cpu/kernel.hpp"

namespace motet::device::cpu::ops {
namespace {

// A row outside the kept ones writes nothing.
std::unique_ptr<Kernel> bind(Binding& binding) {
  const Shape& x = binding.shape(0);
  const Shape& kept = binding.shape(2);
  const std::int64_t width = x.elements_from(2);
  return make_kernel([from = binding.input<std::uint32_t>(0), row = binding.input<std::int32_t>(1),
                      to = reinterpret_cast<std::uint32_t*>(binding.inputs[2].data), batch = x[0], rows = kept[0],
                      run = x[1] * width, capacity = kept[1] * width](const Run& context) {
    if (run == 0) return;
    context.pool.run(static_cast<std::size_t>(batch), [&](std::size_t b, int) {
      const std::int64_t target = row[b];
      if (target < 0 || target >= rows) return;
      std::memcpy(to + target * capacity, from + static_cast<std::int64_t>(b) * run,
                  static_cast<std::size_t>(run) * sizeof *to);
    });
  });
}

}  // namespace

extern const KernelDef keep;
const KernelDef keep{bind};
}  // namespace motet::device::cpu::ops
