// y = a where condition is not 0, else b; all three broadcast. condition i32; a and b both f32 or both i32.
#include "program/op_def.hpp"

namespace motet::program::ops {
namespace {

std::vector<TensorType> infer(const OpCall& call) {
  expect_i32(call, 0, "condition");
  const DType dtype = call.type(1).dtype;
  expect(dtype == DType::f32 || dtype == DType::i32, "a must be f32 or i32");
  expect(dtype == call.type(2).dtype, "a " + call.type(1).text() + " and b " + call.type(2).text() + " differ in type");
  return {{dtype, broadcast(call.shape(0), broadcast(call.shape(1), call.shape(2)))}};
}
}  // namespace

extern const OpDef select;
const OpDef select{"select", "y = condition ? a : b", {{"condition"}, {"a"}, {"b"}}, {"y"}, {}, infer};
}  // namespace motet::program::ops
