#include <algorithm>
#include <array>
#include "device/vulkan/epilogues.hpp"
#include "device/vulkan/kernel.hpp"
#include "device/vulkan/strided.hpp"

namespace motet::device::vulkan::ops {
namespace {

constexpr std::array<std::string_view, 6> kFunctions = {"lt", "le", "gt", "ge", "eq", "ne"};

void record(KernelCall& call) {
  const tensor::Shape operands[] = {call.input_shape(0), call.input_shape(1)};
  const Broadcast shape = broadcast(call.output_shape(), operands);
  const std::uint32_t n = count(call.output_shape());
  const auto fn = std::ranges::find(kFunctions, call.attributes().string("fn")) - kFunctions.begin();
  Dispatch dispatch(call.input_type(0).dtype == tensor::DType::f32 ? "compare_float" : "compare_int");
  dispatch.bind("a", call.input(0)).bind("b", call.input(1)).bind("y", call.output());
  dispatch.push("n", n).push("sizes", shape.sizes).push("a_mask", shape.masks[0]).push("b_mask", shape.masks[1]);
  dispatch.set("RANK", static_cast<std::uint32_t>(shape.sizes.size()));
  dispatch.set("FN", static_cast<std::uint32_t>(fn)).set("local_size_x", call.elementwise_size());
  dispatch.linear(n, call.elementwise_size());
  call.add(std::move(dispatch));
}
}  // namespace

extern const KernelDef compare;
const KernelDef compare{"compare", record, false};
}  // namespace motet::device::vulkan::ops
