// y = fn(a, b), element by element with broadcasting. a and b both f32 or both i32 (pow: f32 only; i32 div truncates,
// and gives 0 where b is 0).
#include "program/op_def.hpp"

namespace motet::program::ops {
namespace {

std::vector<TensorType> infer(const OpCall& call) {
  const DType dtype = call.type(0).dtype;
  expect(dtype == DType::f32 || dtype == DType::i32, "a must be f32 or i32, is " + call.type(0).text());
  expect(dtype == call.type(1).dtype, "a " + call.type(0).text() + " and b " + call.type(1).text() + " differ in type");
  return {{dtype, broadcast(call.shape(0), call.shape(1))}};
}
}  // namespace

extern const OpDef binary;
const OpDef binary{
    "binary",
    "y = fn(a, b)",
    {{"a"}, {"b"}},
    {"y"},
    {{"fn", AttributeKind::string, true, std::string(), {"add", "sub", "mul", "div", "max", "min", "pow"}}},
    infer};
}  // namespace motet::program::ops
