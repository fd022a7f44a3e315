// y[n, ...] = state[row[n], ...], what the last step of the row left there; zeros where position[n] is 0, since a
// sequence begins with an empty state, and where the row is outside 0..R-1 (padding).
// state f32[R, ...] of kind replace; row and position i32[N]; y f32[N, ...].
#include "program/op_def.hpp"

namespace motet::program::ops {
namespace {

std::vector<TensorType> infer(const OpCall& call) {
  expect_f32(call, 0, "state");
  expect(call.shape(0).rank() >= 1, "state wants a dimension");
  expect_i32(call, 1, "row");
  expect_i32(call, 2, "position");
  expect_rank(call, 1, "row", 1);
  expect(call.shape(2) == call.shape(1), "row and position must both be i32[N]");
  TensorType out = call.type(0);
  out.shape[0] = call.shape(1)[0];
  return {out};
}
}  // namespace

extern const OpDef state_read;
const OpDef state_read{
    "state_read", "y[n] = state[row[n]], zeros at position 0", {{"state"}, {"row"}, {"position"}}, {"y"}, {}, infer};
}  // namespace motet::program::ops
