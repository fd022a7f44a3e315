#include "device/vulkan/epilogues.hpp"
#include "device/vulkan/kernel.hpp"
#include "device/vulkan/strided.hpp"

namespace motet::device::vulkan::ops {
namespace {

void record(KernelCall& call) {
  const tensor::Shape& y = call.output_shape();
  const auto axis = static_cast<std::size_t>((call.attributes().integer("axis") + y.rank()) % y.rank());
  const auto x_strides = tensor::row_major_strides(call.input_shape(0));
  const auto y_strides = tensor::row_major_strides(y);
  Rearrangement wanted;
  for (std::size_t d = 0; d < static_cast<std::size_t>(y.rank()); ++d) {
    wanted.dimensions.push_back({static_cast<std::uint32_t>(y[static_cast<int>(d)]),
                                 static_cast<std::uint32_t>(x_strides[d]), static_cast<std::uint32_t>(y_strides[d])});
  }
  wanted.x_offset = static_cast<std::uint32_t>(call.attributes().integer("begin") * x_strides[axis]);
  add_copy(call, call.input(0), call.output(), wanted);
}
}  // namespace

extern const KernelDef slice;
const KernelDef slice{"slice", record, false};
}  // namespace motet::device::vulkan::ops
