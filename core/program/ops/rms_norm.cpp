// y = x / sqrt(mean(x^2) + eps) * weight over the last dimension. x f32[..., D]; weight f32[D] or absent.
#include "program/op_def.hpp"

namespace motet::program::ops {
namespace {

std::vector<TensorType> infer(const OpCall& call) {
  expect_f32(call, 0, "x");
  expect(call.shape(0).rank() >= 1, "x wants a dimension");
  for (std::size_t i = 1; i < call.inputs.size(); ++i) {
    if (!call.has(i)) continue;
    expect_f32(call, i, "weight and bias");
    expect(call.shape(i) == Shape{call.shape(0)[-1]},
           "weight and bias must be f32[" + std::to_string(call.shape(0)[-1]) + "], are " + call.type(i).text());
  }
  return {call.type(0)};
}
}  // namespace

extern const OpDef rms_norm;
const OpDef rms_norm{"rms_norm", "y = x / sqrt(mean(x^2) + eps) * weight",      {{"x"}, {"weight", true}},
                     {"y"},      {{"eps", AttributeKind::number, false, 1e-6}}, infer};
}  // namespace motet::program::ops
