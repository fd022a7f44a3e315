#include "device/cpu/broadcast.hpp"
#include "device/cpu/kernel.hpp"

namespace motet::device::cpu::ops {
namespace {

template <class T>
using Row = void (*)(const T* a, std::int64_t a_step, const T* b, std::int64_t b_step, std::int32_t* y, std::int64_t n);

template <class T, bool (*kFn)(T, T)>
void compare_row(const T* a, std::int64_t a_step, const T* b, std::int64_t b_step, std::int32_t* y, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) y[i] = kFn(a[i * a_step], b[i * b_step]) ? 1 : 0;
}

template <class T>
bool less(T a, T b) {
  return a < b;
}
template <class T>
bool less_or_equal(T a, T b) {
  return a <= b;
}
template <class T>
bool greater(T a, T b) {
  return a > b;
}
template <class T>
bool greater_or_equal(T a, T b) {
  return a >= b;
}
template <class T>
bool equal(T a, T b) {
  return a == b;
}
template <class T>
bool different(T a, T b) {
  return a != b;
}

template <class T>
Row<T> find_row(const std::string& fn) {
  if (fn == "lt") return compare_row<T, less<T>>;
  if (fn == "le") return compare_row<T, less_or_equal<T>>;
  if (fn == "gt") return compare_row<T, greater<T>>;
  if (fn == "ge") return compare_row<T, greater_or_equal<T>>;
  return fn == "eq" ? compare_row<T, equal<T>> : compare_row<T, different<T>>;
}

template <class T>
std::unique_ptr<Kernel> bind_as(const Binding& binding) {
  return make_kernel([a = binding.input<T>(0), b = binding.input<T>(1), y = binding.output<std::int32_t>(0),
                      walk = Broadcast(binding.out_shape(), {&binding.shape(0), &binding.shape(1)}),
                      row_of = find_row<T>(binding.attributes().string("fn"))](const Run& context) {
    const std::int64_t width = walk.width();
    parallel_pieces(context.pool, walk.rows(), row_grain(width), [&](std::int64_t begin, std::int64_t end, int) {
      for (std::int64_t row = begin; row < end; ++row) {
        row_of(a + walk.offset(0, row), walk.step(0), b + walk.offset(1, row), walk.step(1), y + row * width, width);
      }
    });
  });
}

std::unique_ptr<Kernel> bind(Binding& binding) {
  return binding.dtype(0) == DType::i32 ? bind_as<std::int32_t>(binding) : bind_as<float>(binding);
}

}  // namespace

extern const KernelDef compare;
const KernelDef compare{bind};
}  // namespace motet::device::cpu::ops
