// y = value everywhere. y f32 or i32 [shape].
#include "program/op_def.hpp"

namespace motet::program::ops {
namespace {

std::vector<TensorType> infer(const OpCall& call) {
  const auto& sizes = call.attributes.integers("shape");
  expect(sizes.size() <= static_cast<std::size_t>(tensor::kMaxRank), "too many dimensions");
  for (std::int64_t size : sizes) expect(size >= 0, "a size is " + std::to_string(size));
  return {{*tensor::parse_dtype(call.attributes.string("dtype")), Shape(sizes)}};
}
}  // namespace

extern const OpDef fill;
const OpDef fill{"fill",
                 "y = value",
                 {},
                 {"y"},
                 {{"shape", AttributeKind::integers, true, std::vector<std::int64_t>{}},
                  {"value", AttributeKind::number, true, 0.0},
                  {"dtype", AttributeKind::string, false, std::string("f32"), {"f32", "i32"}}},
                 infer};
}  // namespace motet::program::ops
