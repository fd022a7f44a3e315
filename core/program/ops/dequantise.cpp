// Plain f32 of blocks or half floats. x of a quantised type, f16 or bf16 [...]; y f32 of the same shape.
#include "program/op_def.hpp"

namespace motet::program::ops {
namespace {

std::vector<TensorType> infer(const OpCall& call) {
  const DType from = call.type(0).dtype;
  expect(tensor::is_quantised(from) || from == DType::f16 || from == DType::bf16,
         "x is " + call.type(0).text() + ": nothing to dequantise");
  return {{DType::f32, call.shape(0)}};
}
}  // namespace

extern const OpDef dequantise;
const OpDef dequantise{"dequantise", "plain f32 of blocks", {{"x"}}, {"y"}, {}, infer};
}  // namespace motet::program::ops
