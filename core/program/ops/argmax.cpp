// y = the index of the largest element of the last dimension, the lowest one of several. x f32[..., D], D > 0; y
// i32[...].
#include "program/op_def.hpp"

namespace motet::program::ops {
namespace {

std::vector<TensorType> infer(const OpCall& call) {
  expect_f32(call, 0, "x");
  const Shape& x = call.shape(0);
  expect(x.rank() >= 1 && x[-1] > 0, "x wants a last dimension that is not empty, is " + x.text());
  return {{DType::i32, Shape(x.sizes().first(static_cast<std::size_t>(x.rank() - 1)))}};
}
}  // namespace

extern const OpDef argmax;
const OpDef argmax{"argmax", "y = argmax x over the last dimension", {{"x"}}, {"y"}, {}, infer};
}  // namespace motet::program::ops
