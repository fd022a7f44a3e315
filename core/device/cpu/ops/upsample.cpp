#include <algorithm>

#include "device/cpu/kernel.hpp"

namespace motet::device::cpu::ops {
namespace {

// What an output row or column is made of: x[first] (1 - share) + x[second] share. Where it lies is an exact fraction.
struct Mix {
  std::int64_t first, second;
  float share;
};

std::vector<Mix> mixes(std::int64_t from, std::int64_t to, bool nearest, bool align_corners) {
  std::vector<Mix> out;
  for (std::int64_t r = 0; r < to; ++r) {
    std::int64_t above = align_corners ? r * (from - 1) : std::max<std::int64_t>((2 * r + 1) * from - to, 0);
    std::int64_t below = align_corners ? std::max<std::int64_t>(to - 1, 1) : 2 * to;
    if (nearest) above = r * from / to, below = 1;
    const std::int64_t first = above / below;
    out.push_back({first, std::min(first + 1, from - 1),
                   static_cast<float>(static_cast<double>(above % below) / static_cast<double>(below))});
  }
  return out;
}

class Upsample final : public Kernel {
 public:
  explicit Upsample(const Binding& binding)
      : x_(binding.input<float>(0)),
        y_(binding.output<float>(0)),
        height_(binding.shape(0)[1]),
        width_(binding.shape(0)[2]),
        channels_(binding.shape(0)[3]),
        nearest_(binding.attributes().string("fn") == "nearest") {
    const bool corners = binding.attributes().integer("align_corners") != 0;
    rows_ = mixes(height_, binding.out_shape()[1], nearest_, corners);
    columns_ = mixes(width_, binding.out_shape()[2], nearest_, corners);
    lines_ = binding.out_shape()[0] * binding.out_shape()[1];
  }

  void run(const Run& context) override {
    const auto across = static_cast<std::int64_t>(columns_.size());
    parallel_pieces(context.pool, lines_, row_grain(across * channels_),
                    [&](std::int64_t begin, std::int64_t end, int) {
                      for (std::int64_t line = begin; line < end; ++line) compute(line, y_ + line * across * channels_);
                    });
  }

 private:
  void compute(std::int64_t line, float* y) const {
    const auto down = static_cast<std::int64_t>(rows_.size());
    const Mix& row = rows_[static_cast<std::size_t>(line % down)];
    const float* image = x_ + line / down * height_ * width_ * channels_;
    const float* above = image + row.first * width_ * channels_;
    const float* below = image + row.second * width_ * channels_;
    for (const Mix& column : columns_) {
      const std::int64_t left = column.first * channels_;
      const std::int64_t right = column.second * channels_;
      if (nearest_) {
        std::copy_n(above + left, channels_, y);
      } else {
        for (std::int64_t c = 0; c < channels_; ++c) {
          const float upper = above[left + c] + column.share * (above[right + c] - above[left + c]);
          const float lower = below[left + c] + column.share * (below[right + c] - below[left + c]);
          y[c] = upper + row.share * (lower - upper);
        }
      }
      y += channels_;
    }
  }

  const float* x_;
  float* y_;
  std::int64_t height_, width_, channels_, lines_ = 0;
  bool nearest_;
  std::vector<Mix> rows_, columns_;
};

std::unique_ptr<Kernel> bind(Binding& binding) { return std::make_unique<Upsample>(binding); }

}  // namespace

extern const KernelDef upsample;
const KernelDef upsample{bind};
}  // namespace motet::device::cpu::ops
