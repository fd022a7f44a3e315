#include <cstring>
#include <limits>

#include "device/cpu/kernel.hpp"
#include "device/cpu/simd/blocks.hpp"

namespace motet::device::cpu::ops {
namespace {

std::int32_t to_integer(float value) {
  using Limits = std::numeric_limits<std::int32_t>;
  if (value != value) return 0;
  if (value >= 2147483648.0f) return Limits::max();
  if (value < -2147483648.0f) return Limits::min();
  return static_cast<std::int32_t>(value);
}

template <class From, class To, class Convert>
std::unique_ptr<Kernel> each(const Binding& binding, Convert convert) {
  return make_kernel([x = binding.input<From>(0), y = binding.output<To>(0), count = binding.out_shape().elements(),
                      convert](const Run& context) {
    parallel_pieces(context.pool, count, kTaskElements, [&](std::int64_t begin, std::int64_t end, int) {
      for (std::int64_t i = begin; i < end; ++i) y[i] = convert(x[i]);
    });
  });
}

std::unique_ptr<Kernel> bind(Binding& binding) {
  const DType from = binding.dtype(0);
  const DType to = binding.outputs[0].type->dtype;
  if (from == to) return each<std::uint32_t, std::uint32_t>(binding, [](std::uint32_t bits) { return bits; });
  if (from == DType::f32) return each<float, std::int32_t>(binding, to_integer);
  if (from == DType::i32) {
    return each<std::int32_t, float>(binding, [](std::int32_t value) { return static_cast<float>(value); });
  }
  return make_kernel([x = binding.input<std::byte>(0), y = binding.output<float>(0),
                      count = binding.out_shape().elements(), expand = simd::expand_of(from)](const Run& context) {
    parallel_pieces(context.pool, count, kTaskElements, [&](std::int64_t begin, std::int64_t end, int) {
      expand(x + 2 * begin, y + begin, static_cast<std::size_t>(end - begin));
    });
  });
}

}  // namespace

extern const KernelDef cast;
const KernelDef cast{bind};
}  // namespace motet::device::cpu::ops
