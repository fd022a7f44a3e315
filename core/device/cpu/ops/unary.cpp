#include "device/cpu/epilogue.hpp"

namespace motet::device::cpu::ops {
namespace {

std::unique_ptr<Kernel> bind(Binding& binding) {
  const auto* x = binding.input<float>(0);
  auto* y = binding.output<float>(0);
  return make_kernel([x, y, count = binding.out_shape().elements(), epilogues = Epilogues(binding),
                      row = simd::unary_row(binding.attributes().string("fn"))](const Run& context) {
    parallel_pieces(context.pool, count, kTaskElements, [&](std::int64_t begin, std::int64_t end, int) {
      row(x + begin, y + begin, static_cast<std::size_t>(end - begin));
      epilogues.apply_flat(y, begin, end);
    });
  });
}

}  // namespace

extern const KernelDef unary;
const KernelDef unary{bind};
}  // namespace motet::device::cpu::ops
