#include <algorithm>
#include <cmath>

#include "device/cpu/epilogue.hpp"
#include "device/cpu/simd/rows.hpp"

namespace motet::device::cpu::ops {
namespace {

// A group spans all positions, so it is read twice: partial moments of pieces in double, then the normalising. The
// pieces' moments are added in order, so that the result does not depend on who computed which.
class GroupNorm final : public Kernel {
 public:
  explicit GroupNorm(Binding& binding)
      : x_(binding.input<float>(0)),
        weight_(binding.input<float>(1)),
        bias_(binding.input<float>(2)),
        y_(binding.output<float>(0)),
        batch_(binding.shape(0)[0]),
        length_(binding.shape(0)[1]),
        channels_(binding.shape(0)[2]),
        groups_(binding.attributes().integer("groups")),
        eps_(binding.attributes().number("eps")),
        grain_(row_grain(channels_, 4 * kTaskElements)),
        pieces_((length_ + grain_ - 1) / grain_),
        epilogues_(binding) {
    partial_.resize(static_cast<std::size_t>(batch_ * pieces_ * groups_));
    whole_.resize(static_cast<std::size_t>(batch_ * groups_));
  }

  void run(const Run& context) override {
    if (channels_ == 0 || length_ == 0) return;
    context.pool.run(static_cast<std::size_t>(batch_ * pieces_), [&](std::size_t task, int) { measure(task); });
    for (std::size_t group = 0; group < whole_.size(); ++group) join(group);
    context.pool.run(static_cast<std::size_t>(batch_ * pieces_), [&](std::size_t task, int) { write(task); });
  }

 private:
  struct Moments {
    double sum = 0, squares = 0;
  };
  struct Scale {
    float mean = 0, factor = 0;
  };

  // Rows [begin, end) of all batches' positions.
  std::pair<std::int64_t, std::int64_t> rows_of(std::size_t task) const {
    const std::int64_t b = static_cast<std::int64_t>(task) / pieces_;
    const std::int64_t begin = static_cast<std::int64_t>(task) % pieces_ * grain_;
    return {b * length_ + begin, b * length_ + std::min(begin + grain_, length_)};
  }

  void measure(std::size_t task) {
    const auto [begin, end] = rows_of(task);
    const std::int64_t width = channels_ / groups_;
    for (std::int64_t g = 0; g < groups_; ++g) {
      Moments sums;
      if (groups_ == 1) {
        math_.moments(x_ + begin * channels_, static_cast<std::size_t>((end - begin) * channels_), &sums.sum,
                      &sums.squares);
      } else {
        for (std::int64_t row = begin; row < end; ++row) {
          math_.moments(x_ + row * channels_ + g * width, static_cast<std::size_t>(width), &sums.sum, &sums.squares);
        }
      }
      partial_[task * static_cast<std::size_t>(groups_) + static_cast<std::size_t>(g)] = sums;
    }
  }

  void join(std::size_t group) {
    const std::size_t b = group / static_cast<std::size_t>(groups_);
    const std::size_t g = group % static_cast<std::size_t>(groups_);
    Moments sums;
    for (std::size_t piece = 0; piece < static_cast<std::size_t>(pieces_); ++piece) {
      const Moments& part =
          partial_[(b * static_cast<std::size_t>(pieces_) + piece) * static_cast<std::size_t>(groups_) + g];
      sums.sum += part.sum;
      sums.squares += part.squares;
    }
    const double count = static_cast<double>(length_ * (channels_ / groups_));
    const double mean = sums.sum / count;
    const double variance = std::max(0.0, sums.squares / count - mean * mean);
    whole_[group] = {static_cast<float>(mean), static_cast<float>(1.0 / std::sqrt(variance + eps_))};
  }

  void write(std::size_t task) {
    const auto [begin, end] = rows_of(task);
    const std::int64_t width = channels_ / groups_;
    const std::int64_t b = static_cast<std::int64_t>(task) / pieces_;
    for (std::int64_t row = begin; row < end; ++row) {
      for (std::int64_t g = 0; g < groups_; ++g) {
        const Scale& scale = whole_[static_cast<std::size_t>(b * groups_ + g)];
        const std::int64_t at = row * channels_ + g * width;
        math_.normalise(x_ + at, scale.mean, scale.factor, weight_ != nullptr ? weight_ + g * width : nullptr,
                        bias_ != nullptr ? bias_ + g * width : nullptr, y_ + at, static_cast<std::size_t>(width));
      }
      epilogues_.apply_rows(y_, row, 1);
    }
  }

  const float* x_;
  const float* weight_;
  const float* bias_;
  float* y_;
  std::int64_t batch_, length_, channels_, groups_;
  double eps_;
  std::int64_t grain_, pieces_;
  Epilogues epilogues_;
  const simd::Rows& math_ = simd::rows();
  std::vector<Moments> partial_;
  std::vector<Scale> whole_;
};

std::unique_ptr<Kernel> bind(Binding& binding) { return std::make_unique<GroupNorm>(binding); }

}  // namespace

extern const KernelDef group_norm;
const KernelDef group_norm{bind};
}  // namespace motet::device::cpu::ops
