// What operations share that slide a window: convolutions, and over height and width conv2d and pooling.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "program/op_def.hpp"

namespace motet::program {

// One axis of the window. Step t covers positions t * stride + k * dilation - padding for 0 <= k < size.
struct WindowAxis {
  std::int64_t size = 1, stride = 1, padding = 0, dilation = 1;
  void check() const;  // throws OpError where a number is out of range
  std::int64_t reach() const { return dilation * (size - 1) + 1; }
  bool trivial() const { return size == 1 && stride == 1 && padding == 0; }  // step t covers position t
  // How many steps lie within `length` positions and the padding. Precondition: one at least.
  std::int64_t steps(std::int64_t length) const { return (length + 2 * padding - reach()) / stride + 1; }
};

using Window = std::array<WindowAxis, 2>;  // height, width

// An attribute that is one number for both axes or two of them, height first; `otherwise` where it is empty.
// Throws OpError.
std::array<std::int64_t, 2> pair_of(const Attributes& attributes, std::string_view key,
                                    std::array<std::int64_t, 2> otherwise);
// The window of `size` with the attributes stride (empty: `stride`), padding and, where the operation has it, dilation.
// Throws OpError where a number is out of range.
Window window_of(const Attributes& attributes, std::array<std::int64_t, 2> size, std::array<std::int64_t, 2> stride);
// What one element of a result is made of in a single loop of a shader, at most: watchdogs stop longer ones.
inline constexpr std::int64_t kMostTaps = 30'000;
// The operands of a convolution: x f32[..., I] and weight f32[O, I / groups, ...] of `rank` dimensions, bias f32[O] or
// none. Throws OpError.
void expect_convolution(const OpCall& call, int rank);
// Throws OpError unless the window fits x f32[B, H, W, C] at least once.
void expect_fits(const Window& window, const Shape& x);

}  // namespace motet::program
