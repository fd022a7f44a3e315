#include "device/vulkan/epilogues.hpp"
#include "device/vulkan/kernel.hpp"
#include "device/vulkan/strided.hpp"

namespace motet::device::vulkan::ops {
namespace {

void record(KernelCall& call) {
  const tensor::Shape& y = call.output_shape();
  const auto axis = static_cast<std::size_t>((call.attributes().integer("axis") + y.rank()) % y.rank());
  const auto y_strides = tensor::row_major_strides(y);
  std::uint32_t offset = 0;
  for (std::size_t i = 0; i < call.step().inputs.size(); ++i) {
    const tensor::Shape& x = call.input_shape(i);
    const auto x_strides = tensor::row_major_strides(x);
    Rearrangement wanted;
    for (std::size_t d = 0; d < static_cast<std::size_t>(y.rank()); ++d) {
      wanted.dimensions.push_back({static_cast<std::uint32_t>(x[static_cast<int>(d)]),
                                   static_cast<std::uint32_t>(x_strides[d]), static_cast<std::uint32_t>(y_strides[d])});
    }
    wanted.y_offset = offset;
    offset += static_cast<std::uint32_t>(x[static_cast<int>(axis)] * y_strides[axis]);
    add_copy(call, call.input(i), call.output(), wanted);
  }
}
}  // namespace

extern const KernelDef concat;
const KernelDef concat{"concat", record, false};
}  // namespace motet::device::vulkan::ops
