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

Window window_of(const Attributes& attributes, std::array<std::int64_t, 2> size, std::array<std::int64_t, 2> stride) {
  const auto strides = pair_of(attributes, "stride", stride);
  const auto padding = pair_of(attributes, "padding", {0, 0});
  const bool dilates = attributes.find("dilation") != nullptr;
  const auto dilation = dilates ? pair_of(attributes, "dilation", {1, 1}) : std::array<std::int64_t, 2>{1, 1};
  Window out;
  for (std::size_t axis = 0; axis < 2; ++axis) {
    // The bound keeps every product of them far from an overflow, here and in 32-bit shaders.
    constexpr std::int64_t kMost = 1 << 15;
    const auto within = [](std::int64_t value, std::int64_t least) { return value >= least && value <= kMost; };
    expect(within(size[axis], 1) && within(strides[axis], 1) && within(dilation[axis], 1) && within(padding[axis], 0),
           "size, stride and dilation must be 1 to 32768, padding 0 to 32768");
    out[axis] = {size[axis], strides[axis], padding[axis], dilation[axis]};
  }
  return out;
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
