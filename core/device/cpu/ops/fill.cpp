#include <algorithm>
#include <cmath>
#include <limits>

#include "device/cpu/kernel.hpp"

namespace motet::device::cpu::ops {
namespace {

template <class T>
std::unique_ptr<Kernel> fill_with(const Binding& binding, T value) {
  return make_kernel([value, y = binding.output<T>(0), count = binding.out_shape().elements()](const Run& context) {
    parallel_pieces(context.pool, count, kTaskElements,
                    [&](std::int64_t begin, std::int64_t end, int) { std::fill(y + begin, y + end, value); });
  });
}

std::unique_ptr<Kernel> bind(Binding& binding) {
  const double value = binding.attributes().number("value");
  if (binding.outputs[0].type->dtype == DType::f32) return fill_with(binding, static_cast<float>(value));
  using Limits = std::numeric_limits<std::int32_t>;
  const double whole = std::isnan(value) ? 0 : std::clamp<double>(value, Limits::min(), Limits::max());
  return fill_with(binding, static_cast<std::int32_t>(whole));
}

}  // namespace

extern const KernelDef fill;
const KernelDef fill{bind};
}  // namespace motet::device::cpu::ops
