#include "device/vulkan/epilogues.hpp"
#include "device/vulkan/kernel.hpp"
#include "device/vulkan/strided.hpp"

namespace motet::device::vulkan::ops {
namespace {

void record(KernelCall& call) {
  const auto k = static_cast<std::uint32_t>(call.attributes().integer("k"));
  const std::uint32_t rows = count(call.output_shape()) / k;
  Dispatch dispatch("top_k");
  dispatch.bind("x", call.input(0)).bind("values", call.output(0)).bind("indices", call.output(1));
  dispatch.push("rows", rows).push("columns", last(call.input_shape(0))).push("k", k);
  dispatch.set("local_size_x", call.row_size()).linear(rows, 1);
  call.add(std::move(dispatch));
}
}  // namespace

extern const KernelDef top_k;
const KernelDef top_k{"top_k", record, false};
}  // namespace motet::device::vulkan::ops
