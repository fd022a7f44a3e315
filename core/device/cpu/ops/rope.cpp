#include "device/cpu/simd/rope.hpp"

#include <algorithm>
#include <cmath>

#include "device/cpu/kernel.hpp"

namespace motet::device::cpu::ops {
namespace {

// Angles are computed once a token and serve all its heads.
class Rotate final : public Kernel {
 public:
  explicit Rotate(Binding& binding)
      : x_(binding.input<float>(0)), position_(binding.input<std::int32_t>(1)), y_(binding.output<float>(0)) {
    const Shape& shape = binding.shape(0);
    const std::int64_t dims = binding.attributes().integer("dims");
    pairs_ = dims / 2;
    width_ = shape[-1];
    heads_ = shape[-2];
    length_ = shape[-3];
    for (int axis = 0; axis + 2 < shape.rank(); ++axis) tokens_ *= shape[axis];
    const double theta = binding.attributes().number("theta");
    for (std::int64_t i = 0; i < pairs_; ++i) {
      frequency_.push_back(std::pow(theta, -2.0 * static_cast<double>(i) / static_cast<double>(dims)));
    }
    rotate_ = binding.attributes().string("layout") == "interleaved" ? math_.interleaved : math_.halves;
    binding.want_worker_floats(static_cast<std::size_t>(dims));
  }

  void run(const Run& context) override {
    parallel_pieces(context.pool, tokens_, row_grain(heads_ * width_, 2 * kTaskElements),
                    [&](std::int64_t begin, std::int64_t end, int worker) {
                      for (std::int64_t token = begin; token < end; ++token) turn(token, context.worker_floats(worker));
                    });
  }

 private:
  void turn(std::int64_t token, float* cosine) const {
    const auto pairs = static_cast<std::size_t>(pairs_);
    float* sine = cosine + pairs_;
    const std::int64_t position = position_ != nullptr ? position_[token] : token % length_;
    math_.angles(static_cast<double>(position), frequency_.data(), pairs, cosine, sine);
    for (std::int64_t head = 0; head < heads_; ++head) {
      const std::int64_t at = (token * heads_ + head) * width_;
      rotate_(x_ + at, cosine, sine, y_ + at, pairs);
      std::copy(x_ + at + 2 * pairs_, x_ + at + width_, y_ + at + 2 * pairs_);
    }
  }

  const float* x_;
  const std::int32_t* position_;
  float* y_;
  std::int64_t pairs_ = 0, width_ = 0, heads_ = 0, length_ = 1, tokens_ = 1;
  std::vector<double> frequency_;
  const simd::Rope& math_ = simd::rope();
  decltype(simd::Rope::halves) rotate_;
};

std::unique_ptr<Kernel> bind(Binding& binding) { return std::make_unique<Rotate>(binding); }

}  // namespace

extern const KernelDef rope;
const KernelDef rope{bind};
}  // namespace motet::device::cpu::ops
