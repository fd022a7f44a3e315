#include "device/vulkan/epilogues.hpp"
#include "device/vulkan/kernel.hpp"
#include "device/vulkan/strided.hpp"

namespace motet::device::vulkan::ops {
namespace {

void record(KernelCall& call) {
  const std::uint32_t columns = last(call.output_shape());
  const std::uint32_t n = count(call.output_shape());
  if (n == 0) return;
  Dispatch dispatch("softmax");
  dispatch.bind("x", call.input(0)).bind("y", call.output()).push("rows", n / columns).push("columns", columns);
  dispatch.set("local_size_x", call.row_size()).linear(n / columns, 1);
  call.add(std::move(dispatch));
}
}  // namespace

extern const KernelDef softmax;
const KernelDef softmax{"softmax", record, false};
}  // namespace motet::device::vulkan::ops
