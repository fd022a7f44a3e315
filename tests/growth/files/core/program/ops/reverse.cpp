// y[..., i] = x[..., D - 1 - i]. x f32[..., D].
#include "program/op_def.hpp"

namespace motet::program::ops {
namespace {

std::vector<TensorType> infer(const OpCall& call) {
  expect_f32(call, 0, "x");
  expect(call.shape(0).rank() >= 1, "x wants a dimension");
  return {call.type(0)};
}
}  // namespace

extern const OpDef reverse;
const OpDef reverse{"reverse", "y[..., i] = x[..., D - 1 - i]", {{"x"}}, {"y"}, {}, infer};
}  // namespace motet::program::ops
