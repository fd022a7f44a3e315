// y[b, t, o] = bias[o] + sum over k, i of x[b, t * stride + k * dilation - padding, i] w[o, i, k].
// x f32[B, T, I]; w f32[O, I / groups, K]; bias f32[O]; y f32[B, (T + 2 padding - dilation (K - 1) - 1) / stride + 1,
// O].
#include "program/op_def.hpp"

namespace motet::program::ops {
namespace {

std::vector<TensorType> infer(const OpCall& call) {
  expect_f32(call, 0, "x");
  expect_f32(call, 1, "weight");
  expect_rank(call, 0, "x", 3);
  expect_rank(call, 1, "weight", 3);
  const Shape& x = call.shape(0);
  const Shape& weight = call.shape(1);
  const std::int64_t stride = call.attributes.integer("stride");
  const std::int64_t padding = call.attributes.integer("padding");
  const std::int64_t dilation = call.attributes.integer("dilation");
  const std::int64_t groups = call.attributes.integer("groups");
  expect(stride >= 1 && dilation >= 1 && padding >= 0 && groups >= 1, "stride, dilation and groups must be positive");
  expect(x[2] == weight[1] * groups && weight[0] % groups == 0,
         "x " + x.text() + " does not fit weight " + weight.text() + " in " + std::to_string(groups) + " groups");
  if (call.has(2)) {
    expect_f32(call, 2, "bias");
    expect(call.shape(2) == Shape{weight[0]}, "bias must be f32[O], is " + call.type(2).text());
  }
  const std::int64_t reach = dilation * (weight[2] - 1) + 1;
  const std::int64_t padded = x[1] + 2 * padding;
  expect(padded >= reach, "x has " + std::to_string(x[1]) + " positions, the kernel needs " +
                              std::to_string(reach - 2 * padding) + " or more");
  return {{DType::f32, {x[0], (padded - reach) / stride + 1, weight[0]}}};
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
