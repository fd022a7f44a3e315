#include <string>
#include "device/vulkan/epilogues.hpp"
#include "device/vulkan/kernel.hpp"
#include "device/vulkan/strided.hpp"

namespace motet::device::vulkan::ops {
namespace {

void record(KernelCall& call) {
  const std::uint32_t n = count(call.output_shape());
  Dispatch dispatch("dequantise_" + std::string(tensor::name(call.input_type(0).dtype)));
  dispatch.bind("weight", call.input(0)).bind("y", call.output()).push("n", n);
  dispatch.set("local_size_x", call.elementwise_size()).linear(n, call.elementwise_size());
  call.add(std::move(dispatch));
}
}  // namespace

extern const KernelDef dequantise;
const KernelDef dequantise{"dequantise", record, false};
}  // namespace motet::device::vulkan::ops
