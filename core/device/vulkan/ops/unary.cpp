#include "device/vulkan/epilogues.hpp"
#include "device/vulkan/kernel.hpp"
#include "device/vulkan/strided.hpp"

namespace motet::device::vulkan::ops {
namespace {

void record(KernelCall& call) {
  Dispatch dispatch("unary");
  const std::uint32_t n = count(call.output_shape());
  dispatch.bind("x", call.input(0)).bind("y", call.output());
  dispatch.push("n", n).push("columns", last(call.output_shape()));
  dispatch.set("FN", unary_number(call.attributes().string("fn"))).set("local_size_x", call.elementwise_size());
  dispatch.linear(n, call.elementwise_size());
  set_epilogues(call, dispatch);
  call.add(std::move(dispatch));
}
}  // namespace

extern const KernelDef unary;
const KernelDef unary{"unary", record, true};
}  // namespace motet::device::vulkan::ops
