// y[n, ...] = x[index[n], ...]. x f32 or i32 [R, ...]; index i32[N]; an index outside 0..R-1 gives zeros.
#include "program/op_def.hpp"

namespace motet::program::ops {
namespace {

std::vector<TensorType> infer(const OpCall& call) {
  expect(call.shape(0).rank() >= 1, "x wants a dimension");
  expect(call.type(0).dtype == DType::f32 || call.type(0).dtype == DType::i32, "x must be f32 or i32");
  expect_i32(call, 1, "index");
  expect_rank(call, 1, "index", 1);
  TensorType out = call.type(0);
  out.shape[0] = call.shape(1)[0];
  return {out};
}
}  // namespace

extern const OpDef take_rows;
const OpDef take_rows{"take_rows", "y[n] = x[index[n]]", {{"x"}, {"index"}}, {"y"}, {}, infer};
}  // namespace motet::program::ops
