#include <algorithm>
#include <cstring>

#include "device/cpu/kernel.hpp"

namespace motet::device::cpu::ops {
namespace {

class Pad final : public Kernel {
 public:
  explicit Pad(const Binding& binding)
      : x_(binding.input<float>(0)),
        y_(binding.output<float>(0)),
        in_(binding.shape(0)),
        out_(binding.out_shape()),
        before_(binding.attributes().integers("before")),
        value_(static_cast<float>(binding.attributes().number("value"))) {}

  void run(const Run& context) override {
    if (out_.elements() == 0) return;
    if (out_.rank() == 0) {
      *y_ = *x_;
      return;
    }
    const std::int64_t width = out_[-1];
    parallel_pieces(context.pool, out_.elements() / width, row_grain(width),
                    [&](std::int64_t begin, std::int64_t end, int) {
                      for (std::int64_t row = begin; row < end; ++row) write_row(row, y_ + row * width);
                    });
  }

 private:
  void write_row(std::int64_t row, float* to) const {
    std::int64_t from = 0;
    std::int64_t stride = in_[-1];
    bool inside = true;
    for (int axis = out_.rank() - 2; axis >= 0; --axis) {
      const std::int64_t at = row % out_[axis] - before_[static_cast<std::size_t>(axis)];
      row /= out_[axis];
      inside = inside && at >= 0 && at < in_[axis];
      from += at * stride;
      stride *= in_[axis];
    }
    if (!inside || in_[-1] == 0) {
      std::fill_n(to, out_[-1], value_);
      return;
    }
    const std::int64_t left = before_.back();
    std::fill_n(to, left, value_);
    std::memcpy(to + left, x_ + from, static_cast<std::size_t>(in_[-1]) * sizeof(float));
    std::fill_n(to + left + in_[-1], out_[-1] - left - in_[-1], value_);
  }

  const float* x_;
  float* y_;
  Shape in_;
  Shape out_;
  std::vector<std::int64_t> before_;
  float value_;
};

std::unique_ptr<Kernel> bind(Binding& binding) { return std::make_unique<Pad>(binding); }

}  // namespace

extern const KernelDef pad;
const KernelDef pad{bind};
}  // namespace motet::device::cpu::ops
