#include "device/vulkan/epilogues.hpp"
#include "device/vulkan/kernel.hpp"
#include "device/vulkan/matmul_dispatch.hpp"
#include "device/vulkan/strided.hpp"

namespace motet::device::vulkan::ops {
namespace {

struct Shape {
  std::uint32_t batches, times, channels, y_times, outputs, width, taps, stride, padding, dilation;
};

// A convolution in groups: an invocation an element.
void add_direct(KernelCall& call, const Shape& s) {
  const std::uint32_t n = s.batches * s.y_times * s.outputs;
  Dispatch dispatch("conv1d");
  dispatch.bind("x", call.input(0)).bind("weight", call.input(1)).bind("y", call.output());
  dispatch.push("n", n).push("times", s.times).push("channels", s.channels).push("y_times", s.y_times);
  dispatch.push("outputs", s.outputs).push("width", s.width).push("taps", s.taps);
  dispatch.push("stride", s.stride).push("padding", s.padding).push("dilation", s.dilation);
  dispatch.set("local_size_x", call.elementwise_size()).linear(n, call.elementwise_size());
  dispatch.work(double{1} * n * s.width * s.taps);
  set_epilogues(call, dispatch, call.has(2) ? std::optional(call.input(2)) : std::nullopt);
  call.add(std::move(dispatch));
}

// The window of an output position is a run of x where taps lie side by side: its rows are x itself, at a stride. Only
// the weight must then have its taps outermost, as x has.
void add_windows(KernelCall& call, const Shape& s, Product& product) {
  if (s.width > 1) {
    const Operand turned = call.scratch(4ull * s.outputs * s.width * s.taps);
    add_copy(call, call.input(1), turned,
             {{{s.outputs, s.width * s.taps, s.width * s.taps}, {s.taps, 1, s.width}, {s.width, s.taps, 1}}});
    product.b = turned;
  }
  product.a = call.input(0);
  product.a_stride = std::uint64_t{s.stride} * s.channels;
  product.batches.clear();
  for (std::uint32_t b = 0; b < s.batches; ++b)
    product.batches.push_back({b * s.times * s.channels, 0, b * s.y_times * s.outputs});
  product.rows = s.y_times;
}

// Else the windows are written out first.
void add_columns(KernelCall& call, const Shape& s, Product& product) {
  const std::uint64_t n = std::uint64_t{s.batches} * s.y_times * s.channels * s.taps;
  const Operand columns = call.scratch(4 * n);
  Dispatch dispatch("conv1d_columns");
  dispatch.bind("x", call.input(0)).bind("columns", columns);
  dispatch.push("n", static_cast<std::uint32_t>(n))
      .push("times", s.times)
      .push("channels", s.channels)
      .push("y_times", s.y_times);
  dispatch.push("taps", s.taps).push("stride", s.stride).push("padding", s.padding).push("dilation", s.dilation);
  dispatch.set("local_size_x", call.elementwise_size()).linear(n, call.elementwise_size());
  call.add(std::move(dispatch));
  product.a = columns;
  product.a_stride = product.depth;
  product.rows = std::uint64_t{s.batches} * s.y_times;
}

void record(KernelCall& call) {
  const auto at = [](const tensor::Shape& shape, int axis) { return static_cast<std::uint32_t>(shape[axis]); };
  const auto attribute = [&](std::string_view name) {
    return static_cast<std::uint32_t>(call.attributes().integer(name));
  };
  const tensor::Shape& x = call.input_shape(0);
  const tensor::Shape& weight = call.input_shape(1);
  const Shape s{at(x, 0),
                at(x, 1),
                at(x, 2),
                at(call.output_shape(), 1),
                at(weight, 0),
                at(weight, 1),
                at(weight, 2),
                attribute("stride"),
                attribute("padding"),
                attribute("dilation")};
  if (count(call.output_shape()) == 0) return;
  if (attribute("groups") > 1) return add_direct(call, s);
  Product product;
  product.b = call.input(1);
  product.y = call.output();
  product.columns = product.y_stride = s.outputs;
  product.depth = product.b_stride = std::uint64_t{s.width} * s.taps;
  if (call.has(2)) product.bias = call.input(2);
  if (s.padding == 0 && s.dilation == 1) {
    add_windows(call, s, product);
  } else {
    add_columns(call, s, product);
  }
  add_product(call, product);
}
}  // namespace

extern const KernelDef conv1d;
const KernelDef conv1d{"conv1d", record, true};
}  // namespace motet::device::vulkan::ops
