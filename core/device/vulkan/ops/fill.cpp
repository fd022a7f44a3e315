#include "device/vulkan/epilogues.hpp"
#include "device/vulkan/kernel.hpp"
#include "device/vulkan/strided.hpp"

namespace motet::device::vulkan::ops {
namespace {

void record(KernelCall& call) {
  const double value = call.attributes().number("value");
  const bool floats = call.output_type().dtype == tensor::DType::f32;
  const std::uint32_t n = count(call.output_shape());
  Dispatch dispatch("fill");
  dispatch.bind("y", call.output()).push("n", n).push("columns", 1u);
  dispatch.push("value", floats ? std::bit_cast<std::uint32_t>(static_cast<float>(value))
                                : static_cast<std::uint32_t>(static_cast<std::int32_t>(value)));
  dispatch.set("local_size_x", call.elementwise_size()).linear(n, call.elementwise_size());
  call.add(std::move(dispatch));
}
}  // namespace

extern const KernelDef fill;
const KernelDef fill{"fill", record, false};
}  // namespace motet::device::vulkan::ops
