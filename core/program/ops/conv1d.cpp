// y[b, t, o] = bias[o] + sum over k, i of x[b, t * stride + k * dilation - padding, i] w[o, i, k].
// x f32[B, T, I]; w f32[O, I / groups, K]; bias f32[O]; y f32[B, (T + 2 padding - dilation (K - 1) - 1) / stride + 1,
// O].
#include "program/window.hpp"

namespace motet::program::ops {
namespace {

std::vector<TensorType> infer(const OpCall& call) {
  expect_convolution(call, 3);
  const Shape& x = call.shape(0);
  const Shape& weight = call.shape(1);
  const auto attribute = [&](const char* name) { return call.attributes.integer(name); };
  const WindowAxis window{weight[2], attribute("stride"), attribute("padding"), attribute("dilation")};
  window.check();
  expect(x[1] + 2 * window.padding >= window.reach(),
         "x has " + std::to_string(x[1]) + " positions, the kernel needs " +
             std::to_string(window.reach() - 2 * window.padding) + " or more");
  return {{DType::f32, {x[0], window.steps(x[1]), weight[0]}}};
}
}  // namespace

extern const OpDef conv1d;
const OpDef conv1d{"conv1d",
                   "y = w * x + bias over time",
                   {{"x"}, {"weight"}, {"bias", true}},
                   {"y"},
                   {{"stride", AttributeKind::integer, false, std::int64_t{1}},
                    {"padding", AttributeKind::integer},
                    {"dilation", AttributeKind::integer, false, std::int64_t{1}},
                    {"groups", AttributeKind::integer, false, std::int64_t{1}}},
                   infer};
}  // namespace motet::program::ops
