// y's dimension i is x's dimension permutation[i]. x f32 or i32.
#include "program/op_def.hpp"

namespace motet::program::ops {
namespace {

std::vector<TensorType> infer(const OpCall& call) {
  const Shape& x = call.shape(0);
  const auto& permutation = call.attributes.integers("permutation");
  expect(static_cast<int>(permutation.size()) == x.rank(),
         "the permutation has " + std::to_string(permutation.size()) + " entries, x is " + x.text());
  TensorType out{call.type(0).dtype, {}};
  unsigned seen = 0;
  for (std::int64_t axis : permutation) {
    expect(axis >= 0 && axis < x.rank() && (seen & (1u << axis)) == 0,
           "the permutation names an axis twice or one that x lacks");
    seen |= 1u << axis;
    out.shape.push_back(x[static_cast<int>(axis)]);
  }
  return {out};
}
}  // namespace

extern const OpDef transpose;
const OpDef transpose{"transpose",
                      "permutes dimensions",
                      {{"x"}},
                      {"y"},
                      {{"permutation", AttributeKind::integers, true, std::vector<std::int64_t>{}}},
                      infer};
}  // namespace motet::program::ops
