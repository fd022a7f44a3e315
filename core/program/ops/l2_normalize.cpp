// y = x / max(|x|, eps) over the last dimension. x f32[..., D].
#include "program/op_def.hpp"

namespace motet::program::ops {
namespace {

std::vector<TensorType> infer(const OpCall& call) {
  expect_f32(call, 0, "x");
  expect(call.shape(0).rank() >= 1, "x wants a dimension");
  return {call.type(0)};
}
}  // namespace

extern const OpDef l2_normalize;
const OpDef l2_normalize{
    "l2_normalize", "y = x / max(|x|, eps)", {{"x"}}, {"y"}, {{"eps", AttributeKind::number, false, 1e-12}}, infer};
}  // namespace motet::program::ops
