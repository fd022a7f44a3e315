#include "device/vulkan/epilogues.hpp"
#include "device/vulkan/kernel.hpp"
#include "device/vulkan/strided.hpp"

namespace motet::device::vulkan::ops {
namespace {

void record(KernelCall& call) {
  const std::uint32_t rows = count(call.output_shape());
  Dispatch dispatch("top_k");
  dispatch.bind("x", call.input(0)).bind("indices", call.output());
  dispatch.push("rows", rows).push("columns", last(call.input_shape(0))).push("k", 1u).set("WANTS_VALUES", 0);
  dispatch.set("local_size_x", call.row_size()).linear(rows, 1);
  call.add(std::move(dispatch));
}
}  // namespace

extern const KernelDef argmax;
const KernelDef argmax{"argmax", record, false};
}  // namespace motet::device::vulkan::ops
