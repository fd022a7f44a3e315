// y[b, r, c, o] = bias[o] + sum over ky, kx, i of x[b, r * stride + ky * dilation - padding, c * stride + kx * dilation
// - padding, i] w[o, i, ky, kx], where x is 0 outside.
// x f32[B, H, W, I]; w f32[O, I / groups, Ky, Kx]; bias f32[O]; y f32[B, H', W', O] with H' = (H + 2 padding - dilation
// (Ky - 1) - 1) / stride + 1, W' likewise. stride, padding and dilation: one number, or height's and width's.
#include "program/window.hpp"

namespace motet::program::ops {
namespace {

std::vector<TensorType> infer(const OpCall& call) {
  expect_convolution(call, 4);
  const Shape& x = call.shape(0);
  const Shape& weight = call.shape(1);
  const Window window = window_of(call.attributes, {weight[2], weight[3]}, {1, 1});
  expect_fits(window, x);
  return {{DType::f32, {x[0], window[0].steps(x[1]), window[1].steps(x[2]), weight[0]}}};
}
}  // namespace

extern const OpDef conv2d;
const OpDef conv2d{"conv2d",
                   "y = w * x + bias over height and width; x [B, H, W, I], w [O, I / groups, Ky, Kx]",
                   {{"x"}, {"weight"}, {"bias", true}},
                   {"y"},
                   {{"stride", AttributeKind::integers, false, std::vector<std::int64_t>{1}},
                    {"padding", AttributeKind::integers, false, std::vector<std::int64_t>{0}},
                    {"dilation", AttributeKind::integers, false, std::vector<std::int64_t>{1}},
                    {"groups", AttributeKind::integer, false, std::int64_t{1}}},
                   infer};
}  // namespace motet::program::ops
