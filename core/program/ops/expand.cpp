// Repeats dimensions of size 1 (and missing leading ones) up to `shape`. x f32 or i32.
#include "program/op_def.hpp"

namespace motet::program::ops {
namespace {

std::vector<TensorType> infer(const OpCall& call) {
  const auto& sizes = call.attributes.integers("shape");
  expect(sizes.size() <= static_cast<std::size_t>(tensor::kMaxRank), "too many dimensions");
  for (std::int64_t size : sizes) expect(size >= 0, "a size is " + std::to_string(size));
  const Shape wanted(sizes);
  expect(broadcast(call.shape(0), wanted) == wanted, call.type(0).text() + " does not expand to " + wanted.text());
  return {{call.type(0).dtype, wanted}};
}
}  // namespace

extern const OpDef expand;
const OpDef expand{"expand",
                   "repeats dimensions of size 1",
                   {{"x"}},
                   {"y"},
                   {{"shape", AttributeKind::integers, true, std::vector<std::int64_t>{}}},
                   infer};
}  // namespace motet::program::ops
