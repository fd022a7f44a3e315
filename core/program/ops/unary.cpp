// y = fn(x), element by element. x f32[...]. gelu: x (1 + erf(x / sqrt 2)) / 2; gelu_tanh: its tanh approximation;
// gelu_quick: x sigmoid(1.702 x); silu: x sigmoid(x); round: to the nearest whole number, halves to the even one.
#include "program/op_def.hpp"

namespace motet::program::ops {
namespace {

std::vector<TensorType> infer(const OpCall& call) {
  expect_f32(call, 0, "x");
  return {call.type(0)};
}
}  // namespace

extern const OpDef unary;
const OpDef unary{
    "unary",
    "y = fn(x)",
    {{"x"}},
    {"y"},
    {{"fn", AttributeKind::string, true, std::string(), {"neg",   "abs",    "exp",        "log",        "sqrt",
                                                         "rsqrt", "square", "reciprocal", "tanh",       "sigmoid",
                                                         "relu",  "gelu",   "gelu_tanh",  "gelu_quick", "silu",
                                                         "erf",   "sin",    "cos",        "floor",      "round"}}},
    infer};
}  // namespace motet::program::ops
