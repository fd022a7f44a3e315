#include <limits>

#include "device/cpu/broadcast.hpp"
#include "device/cpu/epilogue.hpp"

namespace motet::device::cpu::ops {
namespace {

using IntRow = void (*)(const std::int32_t* a, std::int64_t a_step, const std::int32_t* b, std::int64_t b_step,
                        std::int32_t* y, std::int64_t n);

template <class Fn>
void int_row(const std::int32_t* a, std::int64_t a_step, const std::int32_t* b, std::int64_t b_step, std::int32_t* y,
             std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) y[i] = Fn::of(a[i * a_step], b[i * b_step]);
}

// Sums and products wrap; in unsigned arithmetic that is defined.
std::int32_t wrapped(std::uint32_t value) { return static_cast<std::int32_t>(value); }
std::uint32_t bits(std::int32_t value) { return static_cast<std::uint32_t>(value); }
struct Add {
  static std::int32_t of(std::int32_t a, std::int32_t b) { return wrapped(bits(a) + bits(b)); }
};
struct Sub {
  static std::int32_t of(std::int32_t a, std::int32_t b) { return wrapped(bits(a) - bits(b)); }
};
struct Mul {
  static std::int32_t of(std::int32_t a, std::int32_t b) { return wrapped(bits(a) * bits(b)); }
};
struct Max {
  static std::int32_t of(std::int32_t a, std::int32_t b) { return a > b ? a : b; }
};
struct Min {
  static std::int32_t of(std::int32_t a, std::int32_t b) { return a < b ? a : b; }
};
struct Div {
  static std::int32_t of(std::int32_t a, std::int32_t b) {
    if (b == 0) return 0;
    return b == -1 ? wrapped(0u - bits(a)) : a / b;  // the least integer / -1 traps
  }
};

IntRow find_int_row(const std::string& fn) {
  if (fn == "add") return int_row<Add>;
  if (fn == "sub") return int_row<Sub>;
  if (fn == "mul") return int_row<Mul>;
  if (fn == "div") return int_row<Div>;
  return fn == "max" ? int_row<Max> : int_row<Min>;
}

std::unique_ptr<Kernel> bind_ints(const Binding& binding) {
  return make_kernel([a = binding.input<std::int32_t>(0), b = binding.input<std::int32_t>(1),
                      y = binding.output<std::int32_t>(0),
                      walk = Broadcast(binding.out_shape(), {&binding.shape(0), &binding.shape(1)}),
                      row_of = find_int_row(binding.attributes().string("fn"))](const Run& context) {
    const std::int64_t width = walk.width();
    parallel_pieces(context.pool, walk.rows(), row_grain(width), [&](std::int64_t begin, std::int64_t end, int) {
      for (std::int64_t row = begin; row < end; ++row) {
        row_of(a + walk.offset(0, row), walk.step(0), b + walk.offset(1, row), walk.step(1), y + row * width, width);
      }
    });
  });
}

// A row at a time; where there is but one long row, pieces of it.
class FloatBinary final : public Kernel {
 public:
  explicit FloatBinary(const Binding& binding)
      : a_(binding.input<float>(0)),
        b_(binding.input<float>(1)),
        y_(binding.output<float>(0)),
        walk_(binding.out_shape(), {&binding.shape(0), &binding.shape(1)}),
        epilogues_(binding) {
    const simd::BinaryRows forms = simd::binary_rows(binding.attributes().string("fn"));
    row_ = walk_.step(0) == 0 ? forms.one_a : walk_.step(1) == 0 ? forms.one_b : forms.both;
  }

  void run(const Run& context) override {
    const std::int64_t width = walk_.width();
    if (walk_.rows() == 1) {
      parallel_pieces(context.pool, width, kTaskElements,
                      [&](std::int64_t begin, std::int64_t end, int) { piece(0, begin, end); });
      return;
    }
    parallel_pieces(context.pool, walk_.rows(), row_grain(width), [&](std::int64_t begin, std::int64_t end, int) {
      for (std::int64_t row = begin; row < end; ++row) piece(row, 0, width);
    });
  }

 private:
  void piece(std::int64_t row, std::int64_t begin, std::int64_t end) const {
    const std::int64_t at = row * walk_.width();
    row_(a_ + walk_.offset(0, row) + begin * walk_.step(0), b_ + walk_.offset(1, row) + begin * walk_.step(1),
         y_ + at + begin, static_cast<std::size_t>(end - begin));
    epilogues_.apply_flat(y_, at + begin, at + end);
  }

  const float* a_;
  const float* b_;
  float* y_;
  Broadcast walk_;
  Epilogues epilogues_;
  simd::BinaryRow row_;
};

std::unique_ptr<Kernel> bind(Binding& binding) {
  if (binding.dtype(0) == DType::i32) return bind_ints(binding);
  return std::make_unique<FloatBinary>(binding);
}

}  // namespace

extern const KernelDef binary;
const KernelDef binary{bind};
}  // namespace motet::device::cpu::ops
