// Writes what was computed once for an item where the steps read it: kept[row[b], 0:T, ...] = x[b, ...].
// x f32 or i32 [B, T, ...]; row i32[B]; kept [R, C, ...] with T <= C. Written by lowering at the end of an item
// program.
#include "program/op_def.hpp"

namespace motet::program::ops {
namespace {

std::vector<TensorType> infer(const OpCall& call) {
  const Shape& x = call.shape(0);
  const Shape& kept = call.shape(2);
  expect(call.type(0).dtype == call.type(2).dtype && x.rank() == kept.rank() && x.rank() >= 2,
         "x " + x.text() + " does not fit kept " + kept.text());
  for (int i = 2; i < x.rank(); ++i) expect(x[i] == kept[i], "x " + x.text() + " does not fit kept " + kept.text());
  expect(x[1] <= kept[1], "x " + x.text() + " is longer than kept " + kept.text());
  expect_i32(call, 1, "row");
  expect(call.shape(1) == Shape{x[0]}, "row must be i32[B]");
  return {};
}
}  // namespace

extern const OpDef keep;
const OpDef keep{"keep", "kept[row[b], 0:T] = x[b]", {{"x"}, {"row"}, {"kept"}}, {}, {}, infer, true};
}  // namespace motet::program::ops
