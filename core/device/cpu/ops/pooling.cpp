#include <algorithm>
#include <limits>

#include "device/cpu/kernel.hpp"
#include "device/cpu/simd/elementwise.hpp"
#include "program/window.hpp"

namespace motet::device::cpu::ops {
namespace {

// A task is some output positions, with all their channels.
class Pooling final : public Kernel {
 public:
  explicit Pooling(Binding& binding)
      : x_(binding.input<float>(0)),
        y_(binding.output<float>(0)),
        height_(binding.shape(0)[1]),
        width_(binding.shape(0)[2]),
        channels_(binding.shape(0)[3]),
        down_(binding.out_shape()[1]),
        across_(binding.out_shape()[2]),
        positions_(binding.out_shape()[0] * down_ * across_),
        max_(binding.attributes().string("fn") == "max"),
        join_(simd::binary_rows(max_ ? "max" : "add").both),
        count_padding_(binding.attributes().integer("count_padding") != 0) {
    const auto size = program::pair_of(binding.attributes(), "size", {1, 1});
    window_ = program::window_of(binding.attributes(), size, size);
    binding.want_worker_floats(static_cast<std::size_t>(channels_));
  }

  void run(const Run& context) override {
    if (channels_ == 0) return;
    const std::int64_t taps = window_[0].size * window_[1].size;
    parallel_pieces(context.pool, positions_, row_grain(channels_ * taps, 4 * kTaskElements),
                    [&](std::int64_t begin, std::int64_t end, int worker) {
                      float* line = context.worker_floats(worker);
                      for (std::int64_t position = begin; position < end; ++position) compute(position, line);
                    });
  }

 private:
  // `line`: scratch for the channels of one row of the window, which is joined first: short sums round less.
  void compute(std::int64_t position, float* line) const {
    const auto& [rows, columns] = window_;
    const std::int64_t top = position / across_ % down_ * rows.stride - rows.padding;
    const std::int64_t left = position % across_ * columns.stride - columns.padding;
    const std::int64_t bottom = std::min(top + rows.size, height_);
    const std::int64_t right = std::min(left + columns.size, width_);
    const std::int64_t first_row = std::max<std::int64_t>(top, 0);
    const std::int64_t first_column = std::max<std::int64_t>(left, 0);
    const float* image = x_ + position / (across_ * down_) * height_ * width_ * channels_;
    float* y = y_ + position * channels_;
    const auto channels = static_cast<std::size_t>(channels_);
    for (std::int64_t row = first_row; row < bottom; ++row) {
      const float* x = image + (row * width_ + first_column) * channels_;
      float* to = row == first_row ? y : line;
      std::copy_n(x, channels_, to);
      for (std::int64_t column = first_column + 1; column < right; ++column) join_(to, x += channels_, to, channels);
      if (to != y) join_(y, line, y, channels);
    }
    if (max_) return;
    const std::int64_t count =
        count_padding_ ? rows.size * columns.size : (bottom - first_row) * (right - first_column);
    for (std::int64_t c = 0; c < channels_; ++c) y[c] /= static_cast<float>(count);
  }

  const float* x_;
  float* y_;
  std::int64_t height_, width_, channels_, down_, across_, positions_;
  bool max_;
  simd::BinaryRow join_;
  bool count_padding_;
  program::Window window_;
};

std::unique_ptr<Kernel> bind(Binding& binding) { return std::make_unique<Pooling>(binding); }

}  // namespace

extern const KernelDef pooling;
const KernelDef pooling{bind};
}  // namespace motet::device::cpu::ops
