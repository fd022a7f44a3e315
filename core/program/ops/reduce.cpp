// y = fn over one axis, which stays with size 1 where `keep`. x f32[...].
// length i32[B] (x [B, T, ...], axis 1): only the first length[b] positions count; a mean of none is 0, a max of none
// -inf.
#include "program/op_def.hpp"

namespace motet::program::ops {
namespace {

std::vector<TensorType> infer(const OpCall& call) {
  expect_f32(call, 0, "x");
  const Shape& x = call.shape(0);
  const int axis = checked_axis(call.attributes.integer("axis"), x.rank());
  if (call.has(1)) {
    expect_i32(call, 1, "length");
    expect(axis == 1 && call.shape(1) == Shape{x[0]}, "length wants axis 1 and i32[" + std::to_string(x[0]) + "]");
  }
  const bool keep = call.attributes.integer("keep") != 0;
  Shape out;
  for (int i = 0; i < x.rank(); ++i) {
    if (i != axis) {
      out.push_back(x[i]);
    } else if (keep) {
      out.push_back(1);
    }
  }
  return {{DType::f32, out}};
}
}  // namespace

extern const OpDef reduce;
const OpDef reduce{"reduce",
                   "y = fn over an axis",
                   {{"x"}, {"length", true}},
                   {"y"},
                   {{"fn", AttributeKind::string, true, std::string(), {"sum", "mean", "max", "min"}},
                    {"axis", AttributeKind::integer, true},
                    {"keep", AttributeKind::integer}},
                   infer};
}  // namespace motet::program::ops
