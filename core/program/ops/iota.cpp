// y[i] = i along the last dimension, the same for all others. y i32[shape].
#include "program/op_def.hpp"

namespace motet::program::ops {
namespace {

std::vector<TensorType> infer(const OpCall& call) {
  const auto& sizes = call.attributes.integers("shape");
  expect(!sizes.empty() && sizes.size() <= static_cast<std::size_t>(tensor::kMaxRank), "shape wants 1 to 8 sizes");
  for (std::int64_t size : sizes) expect(size >= 0, "a size is " + std::to_string(size));
  return {{DType::i32, Shape(sizes)}};
}
}  // namespace

extern const OpDef iota;
const OpDef iota{"iota", "y[i] = i", {}, {"y"}, {{"shape", AttributeKind::integers, true, std::vector<std::int64_t>{}}},
                 infer};
}  // namespace motet::program::ops
