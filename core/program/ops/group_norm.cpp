// y = (x - mean) / sqrt(variance + eps) * weight + bias; mean and variance over all positions and the channels of a
// group. x f32[B, T, C]; weight, bias f32[C] or absent; groups divides C.
#include "program/op_def.hpp"

namespace motet::program::ops {
namespace {

std::vector<TensorType> infer(const OpCall& call) {
  expect_f32(call, 0, "x");
  expect_rank(call, 0, "x", 3);
  const std::int64_t groups = call.attributes.integer("groups");
  expect(groups >= 1 && call.shape(0)[-1] % groups == 0,
         std::to_string(groups) + " groups do not divide x " + call.shape(0).text());
  for (std::size_t i = 1; i < call.inputs.size(); ++i) {
    if (!call.has(i)) continue;
    expect_f32(call, i, "weight and bias");
    expect(call.shape(i) == Shape{call.shape(0)[-1]},
           "weight and bias must be f32[" + std::to_string(call.shape(0)[-1]) + "], are " + call.type(i).text());
  }
  return {call.type(0)};
}
}  // namespace

extern const OpDef group_norm;
const OpDef group_norm{"group_norm",
                       "y = (x - mean) / sqrt(variance + eps) * weight + bias by group",
                       {{"x"}, {"weight", true}, {"bias", true}},
                       {"y"},
                       {{"groups", AttributeKind::integer, true}, {"eps", AttributeKind::number, false, 1e-5}},
                       infer};
}  // namespace motet::program::ops
