// state[row[n], ...] = x[n, ...]; a row outside 0..R-1 (padding) writes nothing. No two tokens are of one row: a
// generator with a state of kind replace gets one token of a row a step.
// state f32[R, ...] of kind replace; x f32[N, ...]; row i32[N].
#include "program/op_def.hpp"

namespace motet::program::ops {
namespace {

std::vector<TensorType> infer(const OpCall& call) {
  expect_f32(call, 0, "state");
  expect_f32(call, 1, "x");
  expect_i32(call, 2, "row");
  expect_rank(call, 2, "row", 1);
  expect(call.shape(0).rank() >= 1, "state wants a dimension");
  Shape wanted = call.shape(0);
  wanted[0] = call.shape(2)[0];
  expect(call.shape(1) == wanted, "x must be f32" + wanted.text() + ", is " + call.type(1).text());
  return {};
}
}  // namespace

extern const OpDef state_write;
const OpDef state_write{"state_write", "state[row[n]] = x[n]", {{"state"}, {"x"}, {"row"}}, {}, {}, infer};
}  // namespace motet::program::ops
