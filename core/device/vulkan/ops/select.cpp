#include "device/vulkan/epilogues.hpp"
#include "device/vulkan/kernel.hpp"
#include "device/vulkan/strided.hpp"

namespace motet::device::vulkan::ops {
namespace {

void record(KernelCall& call) {
  const tensor::Shape operands[] = {call.input_shape(0), call.input_shape(1), call.input_shape(2)};
  const Broadcast shape = broadcast(call.output_shape(), operands);
  const std::uint32_t n = count(call.output_shape());
  Dispatch dispatch("select");
  dispatch.bind("condition", call.input(0)).bind("a", call.input(1)).bind("b", call.input(2)).bind("y", call.output());
  dispatch.push("n", n).push("sizes", shape.sizes).push("condition_mask", shape.masks[0]);
  dispatch.push("a_mask", shape.masks[1]).push("b_mask", shape.masks[2]);
  dispatch.set("RANK", static_cast<std::uint32_t>(shape.sizes.size())).set("local_size_x", call.elementwise_size());
  dispatch.linear(n, call.elementwise_size());
  call.add(std::move(dispatch));
}
}  // namespace

extern const KernelDef select;
const KernelDef select{"select", record, false};
}  // namespace motet::device::vulkan::ops
