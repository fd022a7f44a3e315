#include "device/vulkan/kernel.hpp"
#include "device/vulkan/strided.hpp"

namespace motet::device::vulkan::ops {
namespace {

void record(KernelCall& call) {
  const std::uint32_t n = count(call.input_shape(1));
  if (n == 0) return;
  Dispatch dispatch("state_write");
  dispatch.bind("state", call.input(0)).bind("x", call.input(1)).bind("row", call.input(2)).push("n", n);
  dispatch.push("rows", static_cast<std::uint32_t>(call.input_shape(0)[0]));
  dispatch.push("columns", n / static_cast<std::uint32_t>(call.input_shape(1)[0]));
  dispatch.set("local_size_x", call.elementwise_size()).linear(n, call.elementwise_size());
  call.add(std::move(dispatch));
}
}  // namespace

extern const KernelDef state_write;
const KernelDef state_write{"state_write", record, false};
}  // namespace motet::device::vulkan::ops
