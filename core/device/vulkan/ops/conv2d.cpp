#include <algorithm>

#include "device/vulkan/epilogues.hpp"
#include "device/vulkan/kernel.hpp"
#include "device/vulkan/matmul_dispatch.hpp"
#include "device/vulkan/strided.hpp"
#include "program/window.hpp"

namespace motet::device::vulkan::ops {
namespace {

constexpr std::uint64_t kColumnBytes = 32u << 20;  // of windows written out at a time

std::uint32_t word(std::int64_t value) { return static_cast<std::uint32_t>(value); }

// What both shaders know of the geometry.
void push_geometry(const KernelCall& call, const program::Window& window, Dispatch& dispatch) {
  const tensor::Shape& x = call.input_shape(0);
  dispatch.push("height", word(x[1])).push("width", word(x[2])).push("channels", word(x[3]));
  dispatch.push("down", word(call.output_shape()[1])).push("across", word(call.output_shape()[2]));
  dispatch.push("stride_y", word(window[0].stride)).push("stride_x", word(window[1].stride));
  dispatch.push("padding_y", word(window[0].padding)).push("padding_x", word(window[1].padding));
  dispatch.push("dilation_y", word(window[0].dilation)).push("dilation_x", word(window[1].dilation));
  dispatch.set("KY", word(window[0].size)).set("KX", word(window[1].size));
}

// A convolution in groups: an invocation an element.
void add_direct(KernelCall& call, const program::Window& window) {
  const std::uint32_t n = count(call.output_shape());
  const tensor::Shape& weight = call.input_shape(1);
  Dispatch dispatch("conv2d");
  dispatch.bind("x", call.input(0)).bind("weight", call.input(1)).bind("y", call.output());
  push_geometry(call, window, dispatch);
  dispatch.push("n", n).push("outputs", word(weight[0])).push("depth", word(weight[1]));
  dispatch.set("local_size_x", call.elementwise_size()).linear(n, call.elementwise_size());
  dispatch.work(double{1} * n * static_cast<double>(weight[1] * weight[2] * weight[3]));
  set_epilogues(call, dispatch, call.has(2) ? std::optional(call.input(2)) : std::nullopt);
  call.add(std::move(dispatch));
}

// The windows are written out, as many at a time as scratch memory should hold, and multiplied with the weight.
void add_columns(KernelCall& call, const program::Window& window, Product product, std::uint64_t positions) {
  const std::uint64_t together = std::clamp<std::uint64_t>(kColumnBytes / (4 * product.depth), 1, positions);
  product.a = call.scratch(4 * together * product.depth);
  product.a_stride = product.depth;
  for (std::uint64_t first = 0; first < positions; first += together) {
    product.rows = std::min(together, positions - first);
    const std::uint64_t n = product.rows * product.depth;
    Dispatch dispatch("conv2d_columns");
    dispatch.bind("x", call.input(0)).bind("columns", product.a);
    push_geometry(call, window, dispatch);
    dispatch.push("n", static_cast<std::uint32_t>(n)).push("first", static_cast<std::uint32_t>(first));
    dispatch.set("local_size_x", call.elementwise_size()).linear(n, call.elementwise_size());
    call.add(std::move(dispatch));
    product.batches = {{0, 0, static_cast<std::uint32_t>(first * product.columns), 0}};
    add_product(call, product);
  }
}

void record(KernelCall& call) {
  if (count(call.output_shape()) == 0) return;
  const tensor::Shape& weight = call.input_shape(1);
  const program::Window window = program::window_of(call.attributes(), {weight[2], weight[3]}, {1, 1});
  if (call.attributes().integer("groups") > 1 || weight[1] == 0) return add_direct(call, window);
  Product product;
  product.b = call.input(1);
  product.y = call.output();
  product.columns = product.y_stride = word(weight[0]);
  product.depth = product.b_stride = static_cast<std::uint64_t>(weight[1] * weight[2] * weight[3]);
  if (call.has(2)) product.bias = call.input(2);
  const std::uint64_t positions = count(call.output_shape()) / product.columns;
  if (!window[0].trivial() || !window[1].trivial()) return add_columns(call, window, product, positions);
  product.a = call.input(0);  // a position's window is a row of x
  product.a_stride = product.depth;
  product.rows = positions;
  add_product(call, product);
}
}  // namespace

extern const KernelDef conv2d;
const KernelDef conv2d{"conv2d", record, true};
}  // namespace motet::device::vulkan::ops
