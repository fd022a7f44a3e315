#include "device/vulkan/kernel.hpp"
#include "device/vulkan/strided.hpp"

namespace motet::device::vulkan::ops {
namespace {

void record(KernelCall& call) {
  const tensor::Shape& x = call.input_shape(0);
  const std::uint32_t n = count(call.output_shape());
  if (n == 0) return;
  const auto word = [](std::int64_t value) { return static_cast<std::uint32_t>(value); };
  Dispatch dispatch("upsample");
  dispatch.bind("x", call.input(0)).bind("y", call.output()).push("n", n);
  dispatch.push("height", word(x[1])).push("width", word(x[2])).push("channels", word(x[3]));
  dispatch.push("down", word(call.output_shape()[1])).push("across", word(call.output_shape()[2]));
  dispatch.set("BILINEAR", call.attributes().string("fn") == "bilinear");
  dispatch.set("CORNERS", call.attributes().integer("align_corners") != 0);
  dispatch.set("local_size_x", call.elementwise_size()).linear(n, call.elementwise_size());
  call.add(std::move(dispatch));
}
}  // namespace

extern const KernelDef upsample;
const KernelDef upsample{"upsample", record, false};
}  // namespace motet::device::vulkan::ops
