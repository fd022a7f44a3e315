// y[b, r, c, i] = fn (max or mean) of x[b, r * stride + ky - padding, c * stride + kx - padding, i] over ky and kx.
// x f32[B, H, W, C]; y f32[B, H', W', C] with H' = (H + 2 padding - size) / stride + 1, W' likewise; stride is the
// window's own size where none is given. Padding never enters a maximum. A mean is over the elements that are there;
// with count_padding over the whole window, padding being zeros. padding < size: no window is padding alone. A window
// has at most 30,000 elements.
#include "program/window.hpp"

namespace motet::program::ops {
namespace {

std::vector<TensorType> infer(const OpCall& call) {
  expect_f32(call, 0, "x");
  expect_rank(call, 0, "x", 4);
  const Shape& x = call.shape(0);
  expect(!call.attributes.integers("size").empty(), "size wants one number, or two: height and width");
  const auto size = pair_of(call.attributes, "size", {1, 1});
  const Window window = window_of(call.attributes, size, size);
  expect(window[0].padding < size[0] && window[1].padding < size[1], "padding must be smaller than the window");
  expect(size[0] * size[1] <= kMostTaps,
         "a window of " + std::to_string(size[0] * size[1]) +
             " elements, at most 30000 are possible; a mean or maximum over all positions is a reduce");
  expect(x[1] > 0 && x[2] > 0, "x " + x.text() + " has no positions");
  expect_fits(window, x);
  return {{DType::f32, {x[0], window[0].steps(x[1]), window[1].steps(x[2]), x[3]}}};
}
}  // namespace

extern const OpDef pooling;
const OpDef pooling{"pooling",
                    "y = fn over each window of height and width; x [B, H, W, C]",
                    {{"x"}},
                    {"y"},
                    {{"fn", AttributeKind::string, true, std::string(), {"max", "mean"}},
                     {"size", AttributeKind::integers, true, std::vector<std::int64_t>{}},
                     {"stride", AttributeKind::integers, false, std::vector<std::int64_t>{}},
                     {"padding", AttributeKind::integers, false, std::vector<std::int64_t>{0}},
                     {"count_padding", AttributeKind::integer}},
                    infer};
}  // namespace motet::program::ops
