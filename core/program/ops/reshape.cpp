// The same elements in another shape; one size may be -1. x f32 or i32. Moves nothing: planning makes it a view.
#include "program/op_def.hpp"

namespace motet::program::ops {
namespace {

std::vector<TensorType> infer(const OpCall& call) {
  TensorType out{call.type(0).dtype, {}};
  const std::int64_t elements = call.shape(0).elements();
  std::int64_t known = 1;
  int open = -1;
  for (std::int64_t size : call.attributes.integers("shape")) {
    expect(size >= -1, "a size is " + std::to_string(size));
    expect(out.shape.rank() < tensor::kMaxRank, "too many dimensions");
    if (size == -1) {
      expect(open < 0, "only one size may be -1");
      open = out.shape.rank();
    } else {
      known *= size;
    }
    out.shape.push_back(size == -1 ? 1 : size);
  }
  if (open >= 0) {
    expect(known > 0 && elements % known == 0,
           call.type(0).text() + " does not fit into " + program::text(Attribute(call.attributes.integers("shape"))));
    out.shape[open] = elements / known;
  }
  expect(out.shape.elements() == elements, call.type(0).text() + " does not fit into " + out.shape.text());
  return {out};
}
}  // namespace

extern const OpDef reshape;
const OpDef reshape{"reshape",
                    "the same elements in another shape",
                    {{"x"}},
                    {"y"},
                    {{"shape", AttributeKind::integers, true, std::vector<std::int64_t>{}}},
                    infer};
}  // namespace motet::program::ops
