#include <string>
#include "device/vulkan/epilogues.hpp"
#include "device/vulkan/kernel.hpp"
#include "device/vulkan/strided.hpp"

namespace motet::device::vulkan::ops {
namespace {

void record(KernelCall& call) {
  const std::uint32_t n = count(call.output_shape());
  for (const RowsPart& part : call.rows_of(0)) {
    Dispatch dispatch("embedding_" + std::string(tensor::name(call.input_type(0).dtype)));
    dispatch.bind("weight", part.operand).bind("ids", call.input(1)).bind("y", call.output()).push("n", n);
    dispatch.push("rows", static_cast<std::uint32_t>(call.input_shape(0)[0]))
        .push("columns", static_cast<std::uint32_t>(call.input_shape(0)[1]));
    dispatch.push("first", static_cast<std::uint32_t>(part.first)).push("here", static_cast<std::uint32_t>(part.count));
    dispatch.set("local_size_x", call.elementwise_size()).linear(n, call.elementwise_size());
    call.add(std::move(dispatch));
  }
}
}  // namespace

extern const KernelDef embedding;
const KernelDef embedding{"embedding", record, false};
}  // namespace motet::device::vulkan::ops
