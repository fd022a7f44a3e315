// Between f32 and i32 (toward zero, saturating; NaN gives 0), and from f16, bf16 to f32.
#include "program/op_def.hpp"

namespace motet::program::ops {
namespace {

std::vector<TensorType> infer(const OpCall& call) {
  const DType to = *tensor::parse_dtype(call.attributes.string("dtype"));
  const DType from = call.type(0).dtype;
  const bool plain = from == DType::f32 || from == DType::i32;
  expect(plain || (to == DType::f32 && (from == DType::f16 || from == DType::bf16)),
         "no cast from " + std::string(tensor::name(from)) + " to " + std::string(tensor::name(to)));
  return {{to, call.shape(0)}};
}
}  // namespace

extern const OpDef cast;
const OpDef cast{"cast",
                 "another element type",
                 {{"x"}},
                 {"y"},
                 {{"dtype", AttributeKind::string, true, std::string(), {"f32", "i32"}}},
                 infer};
}  // namespace motet::program::ops
