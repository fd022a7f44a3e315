#include "device/vulkan/epilogues.hpp"
#include "device/vulkan/kernel.hpp"
#include "device/vulkan/strided.hpp"

namespace motet::device::vulkan::ops {
namespace {

void record(KernelCall& call) {
  const std::uint32_t n = count(call.output_shape());
  const tensor::Shape& x = call.input_shape(0);
  std::uint32_t columns = 1;
  for (int d = 1; d < x.rank(); ++d) columns *= static_cast<std::uint32_t>(x[d]);
  for (const RowsPart& part : call.rows_of(0)) {
    Dispatch dispatch("take_rows");
    dispatch.bind("x", part.operand).bind("index", call.input(1)).bind("y", call.output());
    dispatch.push("n", n).push("rows", static_cast<std::uint32_t>(x[0])).push("columns", columns);
    dispatch.push("first", static_cast<std::uint32_t>(part.first)).push("here", static_cast<std::uint32_t>(part.count));
    dispatch.set("local_size_x", call.elementwise_size()).linear(n, call.elementwise_size());
    call.add(std::move(dispatch));
  }
}
}  // namespace

extern const KernelDef take_rows;
const KernelDef take_rows{"take_rows", record, false};
}  // namespace motet::device::vulkan::ops
