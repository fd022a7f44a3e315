#include "device/vulkan/epilogues.hpp"
#include "device/vulkan/kernel.hpp"
#include "device/vulkan/strided.hpp"

namespace motet::device::vulkan::ops {
namespace {

void record(KernelCall& call) {
  const tensor::Shape& x = call.input_shape(0);
  const tensor::Shape& y = call.output_shape();
  const auto& before = call.attributes().integers("before");
  std::vector<std::uint32_t> x_sizes, y_sizes, offsets;
  for (int d = 0; d < y.rank(); ++d) {
    x_sizes.push_back(static_cast<std::uint32_t>(x[d]));
    y_sizes.push_back(static_cast<std::uint32_t>(y[d]));
    offsets.push_back(static_cast<std::uint32_t>(before[static_cast<std::size_t>(d)]));
  }
  Dispatch dispatch("pad");
  dispatch.bind("x", call.input(0)).bind("y", call.output()).push("n", count(y));
  dispatch.push("value", static_cast<float>(call.attributes().number("value")));
  dispatch.push("y_sizes", y_sizes).push("x_sizes", x_sizes).push("before", offsets);
  dispatch.set("RANK", static_cast<std::uint32_t>(y.rank())).set("local_size_x", call.elementwise_size());
  dispatch.linear(count(y), call.elementwise_size());
  call.add(std::move(dispatch));
}
}  // namespace

extern const KernelDef pad;
const KernelDef pad{"pad", record, false};
}  // namespace motet::device::vulkan::ops
