#include "device/vulkan/epilogues.hpp"
#include "device/vulkan/kernel.hpp"
#include "device/vulkan/strided.hpp"

namespace motet::device::vulkan::ops {
namespace {

void record(KernelCall& call) {
  const tensor::Shape& x = call.input_shape(0);
  const tensor::Shape& kept = call.input_shape(2);
  const std::uint32_t n = count(x);
  if (n == 0) return;
  Dispatch dispatch("keep");
  dispatch.bind("x", call.input(0)).bind("row", call.input(1)).bind("kept", call.input(2)).push("n", n);
  dispatch.push("rows", static_cast<std::uint32_t>(kept[0])).push("piece", n / static_cast<std::uint32_t>(x[0]));
  dispatch.push("capacity", count(kept) / static_cast<std::uint32_t>(kept[0]));
  dispatch.set("local_size_x", call.elementwise_size()).linear(n, call.elementwise_size());
  call.add(std::move(dispatch));
}
}  // namespace

extern const KernelDef keep;
const KernelDef keep{"keep", record, false};
}  // namespace motet::device::vulkan::ops
