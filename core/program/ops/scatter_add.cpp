// y = x, and then y[index[n], ...] += updates[n, ...] for each n in turn: indices may repeat, and one outside 0..R-1
// adds nothing. x f32[R, ...]; index i32[N]; updates f32[N, ...].
#include "program/op_def.hpp"

namespace motet::program::ops {
namespace {

std::vector<TensorType> infer(const OpCall& call) {
  expect_f32(call, 0, "x");
  expect_i32(call, 1, "index");
  expect_f32(call, 2, "updates");
  expect_rank(call, 1, "index", 1);
  expect(call.shape(0).rank() >= 1, "x wants a dimension");
  Shape wanted = call.shape(0);
  wanted[0] = call.shape(1)[0];
  expect(call.shape(2) == wanted, "updates must be f32" + wanted.text() + ", is " + call.type(2).text());
  return {call.type(0)};
}
}  // namespace

extern const OpDef scatter_add;
const OpDef scatter_add{"scatter_add", "y = x; y[index[n]] += updates[n]", {{"x"}, {"index"}, {"updates"}}, {"y"}, {},
                        infer};
}  // namespace motet::program::ops
