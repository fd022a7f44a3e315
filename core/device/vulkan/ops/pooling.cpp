#include "device/vulkan/kernel.hpp"
#include "device/vulkan/strided.hpp"
#include "program/window.hpp"

namespace motet::device::vulkan::ops {
namespace {

void record(KernelCall& call) {
  const tensor::Shape& x = call.input_shape(0);
  const std::uint32_t n = count(call.output_shape());
  if (n == 0) return;
  const auto word = [](std::int64_t value) { return static_cast<std::uint32_t>(value); };
  const auto size = program::pair_of(call.attributes(), "size", {1, 1});
  const program::Window window = program::window_of(call.attributes(), size, size);
  Dispatch dispatch("pooling");
  dispatch.bind("x", call.input(0)).bind("y", call.output()).push("n", n);
  dispatch.push("height", word(x[1])).push("width", word(x[2])).push("channels", word(x[3]));
  dispatch.push("down", word(call.output_shape()[1])).push("across", word(call.output_shape()[2]));
  dispatch.push("size_y", word(size[0])).push("size_x", word(size[1]));
  dispatch.push("stride_y", word(window[0].stride)).push("stride_x", word(window[1].stride));
  dispatch.push("padding_y", word(window[0].padding)).push("padding_x", word(window[1].padding));
  dispatch.push("count_padding", std::uint32_t{call.attributes().integer("count_padding") != 0});
  dispatch.set("MAX", call.attributes().string("fn") == "max");
  dispatch.set("local_size_x", call.elementwise_size()).linear(n, call.elementwise_size());
  dispatch.work(double{1} * n * static_cast<double>(size[0] * size[1]));
  call.add(std::move(dispatch));
}
}  // namespace

extern const KernelDef pooling;
const KernelDef pooling{"pooling", record, false};
}  // namespace motet::device::vulkan::ops
