// The k largest elements of the last dimension, largest first, lower index first among equals.
// x f32[..., D]; values f32[..., k]; indices i32[..., k]; k <= D.
#include "program/op_def.hpp"

namespace motet::program::ops {
namespace {

std::vector<TensorType> infer(const OpCall& call) {
  expect_f32(call, 0, "x");
  Shape out = call.shape(0);
  const std::int64_t k = call.attributes.integer("k");
  expect(out.rank() >= 1 && k >= 1 && k <= out[-1], "k is " + std::to_string(k) + ", x is " + out.text());
  out[-1] = k;
  return {{DType::f32, out}, {DType::i32, out}};
}
}  // namespace

extern const OpDef top_k;
const OpDef top_k{"top_k",
                  "the k largest of the last dimension",
                  {{"x"}},
                  {"values", "indices"},
                  {{"k", AttributeKind::integer, true}},
                  infer};
}  // namespace motet::program::ops
