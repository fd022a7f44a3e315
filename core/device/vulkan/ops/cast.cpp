#include <string>
#include "device/vulkan/epilogues.hpp"
#include "device/vulkan/kernel.hpp"
#include "device/vulkan/strided.hpp"

namespace motet::device::vulkan::ops {
namespace {

void record(KernelCall& call) {
  const tensor::DType from = call.input_type(0).dtype;
  const tensor::DType to = call.output_type().dtype;
  const std::uint32_t n = count(call.output_shape());
  if (from == to) return add_copy(call, call.input(0), call.output(), {{{n, 1, 1}}});
  const bool widens = from == tensor::DType::f16 || from == tensor::DType::bf16;
  Dispatch dispatch(widens ? "dequantise_" + std::string(tensor::name(from)) : "cast");
  dispatch.bind(widens ? "weight" : "x", call.input(0)).bind("y", call.output()).push("n", n);
  if (!widens) dispatch.set("TO_INT", to == tensor::DType::i32);
  dispatch.set("local_size_x", call.elementwise_size()).linear(n, call.elementwise_size());
  call.add(std::move(dispatch));
}
}  // namespace

extern const KernelDef cast;
const KernelDef cast{"cast", record, false};
}  // namespace motet::device::vulkan::ops
