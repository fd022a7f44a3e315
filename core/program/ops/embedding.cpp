// y[..., :] = table[ids[...], :]. table [V, D] of any floating or quantised type; ids i32[...]; y f32[..., D].
// An id outside 0..V-1 gives zeros and is never read.
#include "program/op_def.hpp"

namespace motet::program::ops {
namespace {

std::vector<TensorType> infer(const OpCall& call) {
  expect_rank(call, 0, "table", 2);
  const DType dtype = call.type(0).dtype;
  expect(dtype == DType::f32 || dtype == DType::f16 || dtype == DType::bf16 || tensor::is_quantised(dtype),
         "table must be of a floating or quantised type");
  expect_i32(call, 1, "ids");
  Shape out = call.shape(1);
  expect(out.rank() < tensor::kMaxRank, "ids have too many dimensions");
  out.push_back(call.shape(0)[1]);
  return {{DType::f32, out}};
}
}  // namespace

extern const OpDef embedding;
const OpDef embedding{"embedding", "y = table[ids]", {{"table"}, {"ids"}}, {"y"}, {}, infer};
}  // namespace motet::program::ops
