// Rotates pairs of the first `dims` components of each head by position * theta^(-2i / dims) (Su et al. 2021,
// RoFormer). interleaved: pair i is (2i, 2i + 1); halves: (i, i + dims / 2). The other components stay. x f32[..., H,
// d]; position i32 with the dimensions of x before H (absent: the index along the dimension before H).
#include "program/op_def.hpp"

namespace motet::program::ops {
namespace {

std::vector<TensorType> infer(const OpCall& call) {
  expect_f32(call, 0, "x");
  const Shape& x = call.shape(0);
  expect(x.rank() >= 3, "x must be [..., T, H, d], is " + x.text());
  const std::int64_t dims = call.attributes.integer("dims");
  expect(dims > 0 && dims % 2 == 0 && dims <= x[-1],
         "dims is " + std::to_string(dims) + ": must be even and at most " + std::to_string(x[-1]));
  if (call.has(1)) {
    expect_i32(call, 1, "position");
    expect(call.shape(1) == Shape(x.sizes().first(static_cast<std::size_t>(x.rank() - 2))),
           "position " + call.shape(1).text() + " does not fit x " + x.text());
  }
  return {call.type(0)};
}
}  // namespace

extern const OpDef rope;
const OpDef rope{"rope",
                 "rotates pairs by position * theta^(-2i / dims)",
                 {{"x"}, {"position", true}},
                 {"y"},
                 {{"dims", AttributeKind::integer, true},
                  {"theta", AttributeKind::number, false, 10000.0},
                  {"layout", AttributeKind::string, false, std::string("halves"), {"interleaved", "halves"}}},
                 infer};
}  // namespace motet::program::ops
