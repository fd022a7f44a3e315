// y = exp(x - max) / sum exp(x - max) over the last dimension. x f32[..., D].
#include "program/op_def.hpp"

namespace motet::program::ops {
namespace {

std::vector<TensorType> infer(const OpCall& call) {
  expect_f32(call, 0, "x");
  expect(call.shape(0).rank() >= 1, "x wants a dimension");
  return {call.type(0)};
}
}  // namespace

extern const OpDef softmax;
const OpDef softmax{"softmax", "y = exp(x) / sum exp(x) over the last dimension", {{"x"}}, {"y"}, {}, infer};
}  // namespace motet::program::ops
