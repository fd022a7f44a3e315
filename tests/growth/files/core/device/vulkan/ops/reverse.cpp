#include "device/vulkan/kernel.hpp"
#include "device/vulkan/strided.hpp"

namespace motet::device::vulkan::ops {
namespace {

void record(KernelCall& call) {
  const std::uint32_t n = count(call.output_shape());
  if (n == 0) return;
  Dispatch dispatch("reverse");
  dispatch.bind("x", call.input(0)).bind("y", call.output()).push("n", n).push("columns", last(call.output_shape()));
  dispatch.set("local_size_x", call.elementwise_size()).linear(n, call.elementwise_size());
  call.add(std::move(dispatch));
}
}  // namespace

extern const KernelDef reverse;
const KernelDef reverse{"reverse", record, false};
}  // namespace motet::device::vulkan::ops
