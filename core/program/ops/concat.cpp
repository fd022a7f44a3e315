// y = the parts one after the other along `axis`. All f32 or all i32, alike in the other dimensions.
#include "program/op_def.hpp"

namespace motet::program::ops {
namespace {

std::vector<TensorType> infer(const OpCall& call) {
  TensorType out = call.type(0);
  expect(out.dtype == DType::f32 || out.dtype == DType::i32, "parts must be f32 or i32");
  const int axis = checked_axis(call.attributes.integer("axis"), out.shape.rank());
  for (std::size_t i = 1; i < call.inputs.size(); ++i) {
    const Shape& part = call.shape(i);
    expect(call.type(i).dtype == out.dtype && part.rank() == out.shape.rank(),
           "parts " + out.text() + " and " + call.type(i).text() + " differ");
    for (int d = 0; d < part.rank(); ++d) {
      expect(d == axis || part[d] == out.shape[d],
             "parts " + out.text() + " and " + part.text() + " differ beside the axis");
    }
    out.shape[axis] += part[axis];
  }
  return {out};
}
}  // namespace

extern const OpDef concat;
const OpDef concat{
    "concat", "y = parts along an axis", {{"parts", false, true}}, {"y"}, {{"axis", AttributeKind::integer, true}},
    infer};
}  // namespace motet::program::ops
