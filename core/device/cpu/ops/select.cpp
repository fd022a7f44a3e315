#include "device/cpu/broadcast.hpp"
#include "device/cpu/kernel.hpp"

namespace motet::device::cpu::ops {
namespace {

// f32 and i32 alike: 32 bits are chosen, not looked at.
std::unique_ptr<Kernel> bind(Binding& binding) {
  return make_kernel([condition = binding.input<std::int32_t>(0), a = binding.input<std::uint32_t>(1),
                      b = binding.input<std::uint32_t>(2), y = binding.output<std::uint32_t>(0),
                      walk = Broadcast(binding.out_shape(), {&binding.shape(0), &binding.shape(1), &binding.shape(2)})](
                         const Run& context) {
    const std::int64_t width = walk.width();
    parallel_pieces(context.pool, walk.rows(), row_grain(width), [&](std::int64_t begin, std::int64_t end, int) {
      for (std::int64_t row = begin; row < end; ++row) {
        const std::int32_t* c = condition + walk.offset(0, row);
        const std::uint32_t* p = a + walk.offset(1, row);
        const std::uint32_t* q = b + walk.offset(2, row);
        std::uint32_t* out = y + row * width;
        for (std::int64_t i = 0; i < width; ++i) {
          out[i] = c[i * walk.step(0)] != 0 ? p[i * walk.step(1)] : q[i * walk.step(2)];
        }
      }
    });
  });
}

}  // namespace

extern const KernelDef select;
const KernelDef select{bind};
}  // namespace motet::device::cpu::ops
