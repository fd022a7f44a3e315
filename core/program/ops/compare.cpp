// y = 1 where a fn b, else 0; with broadcasting. a and b both f32 or both i32; y i32.
#include "program/op_def.hpp"

namespace motet::program::ops {
namespace {

std::vector<TensorType> infer(const OpCall& call) {
  const DType dtype = call.type(0).dtype;
  expect(dtype == DType::f32 || dtype == DType::i32, "a must be f32 or i32, is " + call.type(0).text());
  expect(dtype == call.type(1).dtype, "a " + call.type(0).text() + " and b " + call.type(1).text() + " differ in type");
  return {{DType::i32, broadcast(call.shape(0), call.shape(1))}};
}
}  // namespace

extern const OpDef compare;
const OpDef compare{"compare",
                    "y = a fn b ? 1 : 0",
                    {{"a"}, {"b"}},
                    {"y"},
                    {{"fn", AttributeKind::string, true, std::string(), {"lt", "le", "gt", "ge", "eq", "ne"}}},
                    infer};
}  // namespace motet::program::ops
