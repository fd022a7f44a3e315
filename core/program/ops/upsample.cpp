// x f32[B, H, W, C] seen on another grid, y f32[B, H', W', C] with size [H', W'], larger or smaller.
// nearest: y[r] = x[floor(r H / H')]. bilinear: the centres of the pixels are what is aligned, so y[r] lies at
// (r + 1/2) H / H' - 1/2 of x, no further than its first and last pixel; with align_corners the first and last pixels
// lie on each other, y[r] at r (H - 1) / (H' - 1) (at 0 where H' is 1). The same for width.
#include "program/window.hpp"

namespace motet::program::ops {
namespace {

std::vector<TensorType> infer(const OpCall& call) {
  expect_f32(call, 0, "x");
  expect_rank(call, 0, "x", 4);
  const Shape& x = call.shape(0);
  const auto& size = call.attributes.integers("size");
  expect(size.size() == 2, "size wants two numbers: height and width");
  // Places are computed as exact fractions, in 32 bits.
  constexpr std::int64_t kMost = 1 << 15;
  for (const std::int64_t length : {x[1], x[2], size[0], size[1]})
    expect(length >= 1 && length <= kMost, "heights and widths must be 1 to 32768");
  expect(call.attributes.integer("align_corners") == 0 || call.attributes.string("fn") == "bilinear",
         "align_corners is of bilinear");
  return {{DType::f32, {x[0], size[0], size[1], x[3]}}};
}
}  // namespace

extern const OpDef upsample;
const OpDef upsample{"upsample",
                     "x [B, H, W, C] at another height and width",
                     {{"x"}},
                     {"y"},
                     {{"fn", AttributeKind::string, true, std::string(), {"nearest", "bilinear"}},
                      {"size", AttributeKind::integers, true, std::vector<std::int64_t>{}},
                      {"align_corners", AttributeKind::integer}},
                     infer};
}  // namespace motet::program::ops
