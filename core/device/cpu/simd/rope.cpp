#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "device/cpu/simd/rope.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "device/cpu/simd/math-inl.hpp"
#include "device/cpu/simd/partial-inl.hpp"

#include <cmath>

#include "device/cpu/simd/rope.hpp"

HWY_BEFORE_NAMESPACE();
namespace motet::device::cpu::simd::HWY_NAMESPACE {
namespace {

constexpr double kTurn = 6.283185307179586476925;

void angles(double position, const double* frequency, std::size_t pairs, float* cosine, float* sine) {
  for (std::size_t i = 0; i < pairs; ++i) {
    const double angle = position * frequency[i];
    sine[i] = static_cast<float>(angle - kTurn * std::nearbyint(angle / kTurn));
  }
  map_row(sine, cosine, pairs, [](F32 d, V32 v) HWY_ATTR { return hn::Cos(d, v); });
  map_row(sine, sine, pairs, [](F32 d, V32 v) HWY_ATTR { return hn::Sin(d, v); });
}

void halves(const float* x, const float* cosine, const float* sine, float* y, std::size_t pairs) {
  const F32 d;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + lanes <= pairs; i += lanes) {
    const V32 a = hn::LoadU(d, x + i), b = hn::LoadU(d, x + pairs + i);
    const V32 c = hn::LoadU(d, cosine + i), s = hn::LoadU(d, sine + i);
    hn::StoreU(hn::NegMulAdd(b, s, hn::Mul(a, c)), d, y + i);
    hn::StoreU(hn::MulAdd(a, s, hn::Mul(b, c)), d, y + pairs + i);
  }
  if (i == pairs) return;
  const std::size_t n = pairs - i;
  const V32 a = load_part(d, x + i, n), b = load_part(d, x + pairs + i, n);
  const V32 c = load_part(d, cosine + i, n), s = load_part(d, sine + i, n);
  store_part(hn::NegMulAdd(b, s, hn::Mul(a, c)), d, y + i, n);
  store_part(hn::MulAdd(a, s, hn::Mul(b, c)), d, y + pairs + i, n);
}

void interleaved(const float* x, const float* cosine, const float* sine, float* y, std::size_t pairs) {
  for (std::size_t i = 0; i < pairs; ++i) {
    const float a = x[2 * i], b = x[2 * i + 1];
    y[2 * i] = a * cosine[i] - b * sine[i];
    y[2 * i + 1] = b * cosine[i] + a * sine[i];
  }
}

}  // namespace

const Rope* rope_table() {
  static const Rope table{angles, halves, interleaved};
  return &table;
}

}  // namespace motet::device::cpu::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace motet::device::cpu::simd {

HWY_EXPORT(rope_table);

const Rope& rope() { return *HWY_DYNAMIC_DISPATCH(rope_table)(); }

}  // namespace motet::device::cpu::simd
#endif
