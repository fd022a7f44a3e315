#include "device/vulkan/epilogues.hpp"
#include "device/vulkan/kernel.hpp"
#include "device/vulkan/strided.hpp"

namespace motet::device::vulkan::ops {
namespace {

void record(KernelCall& call) {
  const std::uint32_t columns = last(call.output_shape());
  const std::uint32_t n = count(call.output_shape());
  if (n == 0) return;
  Dispatch dispatch("norm");
  dispatch.bind("x", call.input(0)).bind("weight", call.input(1)).bind("bias", call.input(2)).bind("y", call.output());
  dispatch.push("rows", n / columns)
      .push("columns", columns)
      .push("eps", static_cast<float>(call.attributes().number("eps")));
  dispatch.set("CENTRED", 1).set("HAS_WEIGHT", call.has(1)).set("HAS_BIAS", call.has(2));
  dispatch.set("local_size_x", call.row_size()).linear(n / columns, 1);
  set_epilogues(call, dispatch);
  call.add(std::move(dispatch));
}
}  // namespace

extern const KernelDef layer_norm;
const KernelDef layer_norm{"layer_norm", record, true};
}  // namespace motet::device::vulkan::ops
