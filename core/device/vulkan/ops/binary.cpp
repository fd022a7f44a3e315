#include "device/vulkan/epilogues.hpp"
#include "device/vulkan/kernel.hpp"
#include "device/vulkan/strided.hpp"

namespace motet::device::vulkan::ops {
namespace {

void record(KernelCall& call) {
  const bool floats = call.output_type().dtype == tensor::DType::f32;
  const tensor::Shape operands[] = {call.input_shape(0), call.input_shape(1)};
  const Broadcast shape = broadcast(call.output_shape(), operands);
  const std::uint32_t n = count(call.output_shape());
  Dispatch dispatch(floats ? "binary_float" : "binary_int");
  dispatch.bind("a", call.input(0)).bind("b", call.input(1)).bind("y", call.output());
  dispatch.push("n", n).push("columns", last(call.output_shape())).push("sizes", shape.sizes);
  dispatch.push("a_mask", shape.masks[0]).push("b_mask", shape.masks[1]);
  dispatch.set("RANK", static_cast<std::uint32_t>(shape.sizes.size()));
  dispatch.set("FN", binary_number(call.attributes().string("fn"))).set("local_size_x", call.elementwise_size());
  dispatch.linear(n, call.elementwise_size());
  if (floats) set_epilogues(call, dispatch);
  call.add(std::move(dispatch));
}
}  // namespace

extern const KernelDef binary;
const KernelDef binary{"binary", record, true};
}  // namespace motet::device::vulkan::ops
