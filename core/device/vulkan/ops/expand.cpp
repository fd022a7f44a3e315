#include "device/vulkan/epilogues.hpp"
#include "device/vulkan/kernel.hpp"
#include "device/vulkan/strided.hpp"

namespace motet::device::vulkan::ops {
namespace {

void record(KernelCall& call) {
  const tensor::Shape& x = call.input_shape(0);
  const tensor::Shape& y = call.output_shape();
  const auto x_strides = tensor::row_major_strides(x);
  const auto y_strides = tensor::row_major_strides(y);
  Rearrangement wanted;
  for (int d = 0; d < y.rank(); ++d) {
    const int from = d - (y.rank() - x.rank());
    const bool repeats = from < 0 || x[from] == 1;
    const auto stride = repeats ? 0u : static_cast<std::uint32_t>(x_strides[static_cast<std::size_t>(from)]);
    wanted.dimensions.push_back(
        {static_cast<std::uint32_t>(y[d]), stride, static_cast<std::uint32_t>(y_strides[static_cast<std::size_t>(d)])});
  }
  add_copy(call, call.input(0), call.output(), wanted);
}
}  // namespace

extern const KernelDef expand;
const KernelDef expand{"expand", record, false};
}  // namespace motet::device::vulkan::ops
