#include "program/window.hpp"

#include <string>

namespace motet::program {

std::array<std::int64_t, 2> pair_of(const Attributes& attributes, std::string_view key,
                                    std::array<std::int64_t, 2> otherwise) {
  const auto& list = attributes.integers(key);
  if (list.empty()) return otherwise;
  expect(list.size() <= 2, std::string(key) + " wants one number, or two: height and width");
  return {list.front(), list.back()};
}

void WindowAxis::check() const {
  // The bound keeps every product of them far from an overflow, here and in 32-bit shaders.
  constexpr std::int64_t kMost = 1 << 15;
  const auto within = [](std::int64_t value, std::int64_t least) { return value >= least && value <= kMost; };
  expect(within(size, 1) && within(stride, 1) && within(dilation, 1) && within(padding, 0),
         "size, stride and dilation must be 1 to 32768, padding 0 to 32768");
}

Window window_of(const Attributes& attributes, std::array<std::int64_t, 2> size, std::array<std::int64_t, 2> stride) {
  const auto strides = pair_of(attributes, "stride", stride);
  const auto padding = pair_of(attributes, "padding", {0, 0});
  const bool dilates = attributes.find("dilation") != nullptr;
  const auto dilation = dilates ? pair_of(attributes, "dilation", {1, 1}) : std::array<std::int64_t, 2>{1, 1};
  Window out;
  for (std::size_t axis = 0; axis < 2; ++axis) {
    out[axis] = {size[axis], strides[axis], padding[axis], dilation[axis]};
    out[axis].check();
  }
  return out;
}

void expect_convolution(const OpCall& call, int rank) {
  expect_f32(call, 0, "x");
  expect_f32(call, 1, "weight");
  expect_rank(call, 0, "x", rank);
  expect_rank(call, 1, "weight", rank);
  const Shape& x = call.shape(0);
  const Shape& weight = call.shape(1);
  const std::int64_t groups = call.attributes.integer("groups");
  expect(groups >= 1 && x[-1] == weight[1] * groups && weight[0] % groups == 0,
         "x " + x.text() + " does not fit weight " + weight.text() + " in " + std::to_string(groups) + " groups");
  // Without groups it is a product of matrices, which knows no such limit.
  expect(groups == 1 || weight.elements_from(1) <= kMostTaps,
         "in groups, an output may be a sum of at most 30000 products, weight " + weight.text() + " makes " +
             std::to_string(weight.elements_from(1)));
  if (!call.has(2)) return;
  expect_f32(call, 2, "bias");
  expect(call.shape(2) == Shape{weight[0]}, "bias must be f32[O], is " + call.type(2).text());
}

void expect_fits(const Window& window, const Shape& x) {
  for (std::size_t axis = 0; axis < 2; ++axis) {
    const WindowAxis& along = window[axis];
    const std::int64_t length = x[static_cast<int>(axis) + 1];
    expect(length + 2 * along.padding >= along.reach(),
           "x " + x.text() + " has " + std::to_string(length) + (axis == 0 ? " rows" : " columns") +
               ", the window needs " + std::to_string(along.reach() - 2 * along.padding) + " or more");
  }
}

}  // namespace motet::program
