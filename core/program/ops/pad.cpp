// `value` around x: before[i] and after[i] elements along dimension i. x f32.
#include "program/op_def.hpp"

namespace motet::program::ops {
namespace {

std::vector<TensorType> infer(const OpCall& call) {
  expect_f32(call, 0, "x");
  TensorType out = call.type(0);
  const auto& before = call.attributes.integers("before");
  const auto& after = call.attributes.integers("after");
  expect(static_cast<int>(before.size()) == out.shape.rank() && before.size() == after.size(),
         "before and after want an entry for each dimension of " + out.text());
  for (int i = 0; i < out.shape.rank(); ++i) {
    const auto at = static_cast<std::size_t>(i);
    expect(before[at] >= 0 && after[at] >= 0, "padding must not be negative");
    out.shape[i] += before[at] + after[at];
  }
  return {out};
}
}  // namespace

extern const OpDef pad;
const OpDef pad{"pad",
                "a value around x",
                {{"x"}},
                {"y"},
                {{"before", AttributeKind::integers, true, std::vector<std::int64_t>{}},
                 {"after", AttributeKind::integers, true, std::vector<std::int64_t>{}},
                 {"value", AttributeKind::number, false, 0.0}},
                infer};
}  // namespace motet::program::ops
