// y = x[..., begin:end, ...] along `axis`; 0 <= begin <= end <= size. x f32 or i32.
#include "program/op_def.hpp"

namespace motet::program::ops {
namespace {

std::vector<TensorType> infer(const OpCall& call) {
  TensorType out = call.type(0);
  expect(out.dtype == DType::f32 || out.dtype == DType::i32, "x must be f32 or i32");
  const int axis = checked_axis(call.attributes.integer("axis"), out.shape.rank());
  const std::int64_t begin = call.attributes.integer("begin");
  const std::int64_t end = call.attributes.integer("end");
  expect(0 <= begin && begin <= end && end <= out.shape[axis], "slice " + std::to_string(begin) + ":" +
                                                                   std::to_string(end) + " is outside " + out.text() +
                                                                   " along axis " + std::to_string(axis));
  out.shape[axis] = end - begin;
  return {out};
}
}  // namespace

extern const OpDef slice;
const OpDef slice{"slice",
                  "y = x[begin:end] along an axis",
                  {{"x"}},
                  {"y"},
                  {{"axis", AttributeKind::integer, true},
                   {"begin", AttributeKind::integer, true},
                   {"end", AttributeKind::integer, true}},
                  infer};
}  // namespace motet::program::ops
