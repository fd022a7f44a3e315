#include "device/vulkan/epilogues.hpp"
#include "device/vulkan/kernel.hpp"
#include "device/vulkan/strided.hpp"

namespace motet::device::vulkan::ops {
namespace {

void record(KernelCall& call) {
  const std::uint32_t n = count(call.output_shape());
  Dispatch dispatch("fill");
  dispatch.bind("y", call.output()).push("n", n).push("columns", last(call.output_shape())).set("COUNTS", 1);
  dispatch.set("local_size_x", call.elementwise_size()).linear(n, call.elementwise_size());
  call.add(std::move(dispatch));
}
}  // namespace

extern const KernelDef iota;
const KernelDef iota{"iota", record, false};
}  // namespace motet::device::vulkan::ops
