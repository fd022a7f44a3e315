#include "device/cpu/kernel.hpp"
#include "device/cpu/simd/blocks.hpp"

namespace motet::device::cpu::ops {
namespace {

std::unique_ptr<Kernel> bind(Binding& binding) {
  const DType dtype = binding.dtype(0);
  return make_kernel([x = binding.input<std::byte>(0), y = binding.output<float>(0), dtype,
                      count = binding.out_shape().elements(), expand = simd::expand_of(dtype)](const Run& context) {
    parallel_pieces(context.pool, count, kTaskElements, [&](std::int64_t begin, std::int64_t end, int) {
      expand(x + tensor::size_bytes(dtype, begin), y + begin, static_cast<std::size_t>(end - begin));
    });
  });
}

}  // namespace

extern const KernelDef dequantise;
const KernelDef dequantise{bind};
}  // namespace motet::device::cpu::ops
