#include <algorithm>
#include <limits>

#include "device/cpu/kernel.hpp"
#include "device/cpu/simd/rows.hpp"

namespace motet::device::cpu::ops {
namespace {

enum class Fn { sum, mean, max, min };

Fn parse(const std::string& fn) {
  if (fn == "sum") return Fn::sum;
  if (fn == "mean") return Fn::mean;
  return fn == "max" ? Fn::max : Fn::min;
}

// x seen as [outer, size, inner], reduced over the middle. Sums are taken in double: an axis may have a million
// elements.
class Reduce final : public Kernel {
 public:
  explicit Reduce(const Binding& binding)
      : x_(binding.input<float>(0)),
        length_(binding.input<std::int32_t>(1)),
        y_(binding.output<float>(0)),
        fn_(parse(binding.attributes().string("fn"))) {
    const Shape& shape = binding.shape(0);
    const int axis = program::checked_axis(binding.attributes().integer("axis"), shape.rank());
    size_ = shape[axis];
    for (int d = 0; d < axis; ++d) outer_ *= shape[d];
    for (int d = axis + 1; d < shape.rank(); ++d) inner_ *= shape[d];
  }

  void run(const Run& context) override {
    const std::int64_t tiles = (inner_ + kTile - 1) / kTile;
    context.pool.run(static_cast<std::size_t>(outer_ * tiles), [&](std::size_t task, int) {
      const std::int64_t o = static_cast<std::int64_t>(task) / tiles;
      const std::int64_t begin = static_cast<std::int64_t>(task) % tiles * kTile;
      const std::int64_t count = length_ != nullptr ? std::clamp<std::int64_t>(length_[o], 0, size_) : size_;
      if (inner_ == 1) {
        y_[o] = whole_row(x_ + o * size_, count);
      } else {
        columns(x_ + o * size_ * inner_ + begin, std::min(kTile, inner_ - begin), count, y_ + o * inner_ + begin);
      }
    });
  }

 private:
  static constexpr std::int64_t kTile = 128;

  float finish(double sum, std::int64_t count) const {
    if (fn_ == Fn::mean) return count == 0 ? 0.0f : static_cast<float>(sum / static_cast<double>(count));
    return static_cast<float>(sum);
  }

  float whole_row(const float* x, std::int64_t count) const {
    const auto n = static_cast<std::size_t>(count);
    if (fn_ == Fn::max) return math_.max(x, n);
    if (fn_ == Fn::min) return math_.min(x, n);
    double sum = 0;
    double squares = 0;
    math_.moments(x, n, &sum, &squares);
    return finish(sum, count);
  }

  void columns(const float* x, std::int64_t width, std::int64_t count, float* y) const {
    if (fn_ == Fn::max || fn_ == Fn::min) {
      constexpr float kInfinity = std::numeric_limits<float>::infinity();
      std::fill_n(y, width, fn_ == Fn::max ? -kInfinity : kInfinity);
      for (std::int64_t t = 0; t < count; ++t, x += inner_) {
        for (std::int64_t i = 0; i < width; ++i) y[i] = fn_ == Fn::max ? std::max(y[i], x[i]) : std::min(y[i], x[i]);
      }
      return;
    }
    double sums[kTile] = {};
    for (std::int64_t t = 0; t < count; ++t, x += inner_) {
      for (std::int64_t i = 0; i < width; ++i) sums[i] += x[i];
    }
    for (std::int64_t i = 0; i < width; ++i) y[i] = finish(sums[i], count);
  }

  const float* x_;
  const std::int32_t* length_;
  float* y_;
  Fn fn_;
  std::int64_t outer_ = 1, size_ = 0, inner_ = 1;
  const simd::Rows& math_ = simd::rows();
};

std::unique_ptr<Kernel> bind(Binding& binding) { return std::make_unique<Reduce>(binding); }

}  // namespace

extern const KernelDef reduce;
const KernelDef reduce{bind};
}  // namespace motet::device::cpu::ops
