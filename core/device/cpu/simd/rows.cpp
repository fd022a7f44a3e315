#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "device/cpu/simd/rows.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "device/cpu/simd/math-inl.hpp"
#include "device/cpu/simd/partial-inl.hpp"

#include <cmath>
#include <limits>

#include "device/cpu/simd/rows.hpp"

HWY_BEFORE_NAMESPACE();
namespace motet::device::cpu::simd::HWY_NAMESPACE {
namespace {

// Folds a row with four independent accumulators. take(acc, x) adds a vector, join(a, b) two accumulators; `rest`
// stands in the lanes beyond the row's end.
template <class Take, class Join>
HWY_INLINE V32 fold(const float* x, std::size_t n, V32 start, V32 rest, Take take, Join join) {
  const F32 d;
  const std::size_t lanes = hn::Lanes(d);
  V32 a = start, b = start, c = start, e = start;
  std::size_t i = 0;
  for (; i + 4 * lanes <= n; i += 4 * lanes) {
    a = take(a, hn::LoadU(d, x + i));
    b = take(b, hn::LoadU(d, x + i + lanes));
    c = take(c, hn::LoadU(d, x + i + 2 * lanes));
    e = take(e, hn::LoadU(d, x + i + 3 * lanes));
  }
  for (; i + lanes <= n; i += lanes) a = take(a, hn::LoadU(d, x + i));
  if (i < n) b = take(b, hn::IfThenElse(hn::FirstN(d, n - i), load_part(d, x + i, n - i), rest));
  return join(join(a, b), join(c, e));
}

HWY_INLINE float total(V32 v) {
  const F32 d;
  return hn::GetLane(hn::SumOfLanes(d, v));
}

float sum(const float* x, std::size_t n) {
  const V32 zero = hn::Zero(F32());
  const auto add = [](V32 a, V32 b) HWY_ATTR { return hn::Add(a, b); };
  return total(fold(x, n, zero, zero, add, add));
}

float max(const float* x, std::size_t n) {
  const F32 d;
  const V32 least = hn::Set(d, -std::numeric_limits<float>::infinity());
  const auto larger = [](V32 a, V32 b) HWY_ATTR { return hn::Max(a, b); };
  return hn::GetLane(hn::MaxOfLanes(d, fold(x, n, least, least, larger, larger)));
}

float min(const float* x, std::size_t n) {
  const F32 d;
  const V32 most = hn::Set(d, std::numeric_limits<float>::infinity());
  const auto smaller = [](V32 a, V32 b) HWY_ATTR { return hn::Min(a, b); };
  return hn::GetLane(hn::MinOfLanes(d, fold(x, n, most, most, smaller, smaller)));
}

HWY_INLINE float sum_of_squares_about(const float* x, std::size_t n, float mean) {
  const F32 d;
  const V32 m = hn::Set(d, mean);
  const V32 zero = hn::Zero(d);
  return total(fold(
      x, n, zero, m,
      [m](V32 acc, V32 v) HWY_ATTR {
        const V32 off = hn::Sub(v, m);
        return hn::MulAdd(off, off, acc);
      },
      [](V32 a, V32 b) HWY_ATTR { return hn::Add(a, b); }));
}

float dot(const float* a, const float* b, std::size_t n) {
  const F32 d;
  const std::size_t lanes = hn::Lanes(d);
  V32 s = hn::Zero(d), t = s, u = s, w = s;
  std::size_t i = 0;
  for (; i + 4 * lanes <= n; i += 4 * lanes) {
    s = hn::MulAdd(hn::LoadU(d, a + i), hn::LoadU(d, b + i), s);
    t = hn::MulAdd(hn::LoadU(d, a + i + lanes), hn::LoadU(d, b + i + lanes), t);
    u = hn::MulAdd(hn::LoadU(d, a + i + 2 * lanes), hn::LoadU(d, b + i + 2 * lanes), u);
    w = hn::MulAdd(hn::LoadU(d, a + i + 3 * lanes), hn::LoadU(d, b + i + 3 * lanes), w);
  }
  for (; i + lanes <= n; i += lanes) s = hn::MulAdd(hn::LoadU(d, a + i), hn::LoadU(d, b + i), s);
  if (i < n) t = hn::MulAdd(load_part(d, a + i, n - i), load_part(d, b + i, n - i), t);
  return total(hn::Add(hn::Add(s, t), hn::Add(u, w)));
}

// In double, so that a group of millions of elements keeps its variance.
void moments(const float* x, std::size_t n, double* sum_out, double* squares_out) {
  const hn::ScalableTag<double> dd;
  const hn::Rebind<float, hn::ScalableTag<double>> df;
  const std::size_t lanes = hn::Lanes(dd);
  auto s = hn::Zero(dd), q = s, s1 = s, q1 = s;
  std::size_t i = 0;
  for (; i + 2 * lanes <= n; i += 2 * lanes) {
    const auto v = hn::PromoteTo(dd, hn::LoadU(df, x + i));
    const auto v1 = hn::PromoteTo(dd, hn::LoadU(df, x + i + lanes));
    s = hn::Add(s, v);
    q = hn::MulAdd(v, v, q);
    s1 = hn::Add(s1, v1);
    q1 = hn::MulAdd(v1, v1, q1);
  }
  double total_sum = hn::GetLane(hn::SumOfLanes(dd, hn::Add(s, s1)));
  double total_squares = hn::GetLane(hn::SumOfLanes(dd, hn::Add(q, q1)));
  for (; i < n; ++i) {
    total_sum += x[i];
    total_squares += static_cast<double>(x[i]) * x[i];
  }
  *sum_out += total_sum;
  *squares_out += total_squares;
}

void add_scaled(float scale, const float* x, float* y, std::size_t n) {
  const F32 d;
  const std::size_t lanes = hn::Lanes(d);
  const V32 s = hn::Set(d, scale);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) hn::StoreU(hn::MulAdd(s, hn::LoadU(d, x + i), hn::LoadU(d, y + i)), d, y + i);
  if (i == n) return;
  store_part(hn::MulAdd(s, load_part(d, x + i, n - i), load_part(d, y + i, n - i)), d, y + i, n - i);
}

void scale_shift(const float* x, float scale, float shift, float* y, std::size_t n) {
  const F32 tag;
  const V32 s = hn::Set(tag, scale), t = hn::Set(tag, shift);
  map_row(x, y, n, [s, t](F32, V32 v) HWY_ATTR { return hn::MulAdd(v, s, t); });
}

template <bool kWeight, bool kBias>
void normalise_as(const float* x, float mean, float scale, const float* weight, const float* bias, float* y,
                  std::size_t n) {
  // The mean goes first: where it is large, x scale - mean scale would lose what matters.
  const F32 d;
  const std::size_t lanes = hn::Lanes(d);
  const V32 m = hn::Set(d, mean), s = hn::Set(d, scale);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    V32 v = hn::Mul(hn::Sub(hn::LoadU(d, x + i), m), s);
    if (kWeight) v = hn::Mul(v, hn::LoadU(d, weight + i));
    if (kBias) v = hn::Add(v, hn::LoadU(d, bias + i));
    hn::StoreU(v, d, y + i);
  }
  if (i == n) return;
  V32 v = hn::Mul(hn::Sub(load_part(d, x + i, n - i), m), s);
  if (kWeight) v = hn::Mul(v, load_part(d, weight + i, n - i));
  if (kBias) v = hn::Add(v, load_part(d, bias + i, n - i));
  store_part(v, d, y + i, n - i);
}

void normalise(const float* x, float mean, float scale, const float* weight, const float* bias, float* y,
               std::size_t n) {
  if (weight != nullptr && bias != nullptr) return normalise_as<true, true>(x, mean, scale, weight, bias, y, n);
  if (weight != nullptr) return normalise_as<true, false>(x, mean, scale, weight, bias, y, n);
  if (bias != nullptr) return normalise_as<false, true>(x, mean, scale, weight, bias, y, n);
  normalise_as<false, false>(x, mean, scale, weight, bias, y, n);
}

void layer_norm(const float* x, const float* weight, const float* bias, float eps, float* y, std::size_t n) {
  if (n == 0) return;
  const float mean = sum(x, n) / static_cast<float>(n);
  const float variance = sum_of_squares_about(x, n, mean) / static_cast<float>(n);
  normalise(x, mean, 1.0f / std::sqrt(variance + eps), weight, bias, y, n);
}

void rms_norm(const float* x, const float* weight, float eps, float* y, std::size_t n) {
  if (n == 0) return;
  const float mean_square = sum_of_squares_about(x, n, 0.0f) / static_cast<float>(n);
  normalise(x, 0.0f, 1.0f / std::sqrt(mean_square + eps), weight, nullptr, y, n);
}

float exp_from_max(const float* x, float scale, float* y, std::size_t n) {
  const F32 d;
  const std::size_t lanes = hn::Lanes(d);
  const V32 most = hn::Set(d, scale >= 0 ? max(x, n) : min(x, n)), s = hn::Set(d, scale);
  V32 acc = hn::Zero(d);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const V32 e = exponential(d, hn::Mul(s, hn::Sub(hn::LoadU(d, x + i), most)));
    acc = hn::Add(acc, e);
    hn::StoreU(e, d, y + i);
  }
  if (i < n) {
    const V32 e = exponential(d, hn::Mul(s, hn::Sub(load_part(d, x + i, n - i), most)));
    acc = hn::Add(acc, hn::IfThenElseZero(hn::FirstN(d, n - i), e));
    store_part(e, d, y + i, n - i);
  }
  return total(acc);
}

std::size_t argmax(const float* x, std::size_t n) {
  constexpr std::size_t kPiece = 1024;  // only the best piece is looked through element by element
  std::size_t best = 0;
  float most = max(x, n < kPiece ? n : kPiece);
  for (std::size_t at = kPiece; at < n; at += kPiece) {
    const float here = max(x + at, n - at < kPiece ? n - at : kPiece);
    if (here > most) most = here, best = at;
  }
  const std::size_t end = n - best < kPiece ? n : best + kPiece;
  for (std::size_t i = best; i < end; ++i) {
    if (x[i] == most) return i;
  }
  return 0;  // nothing but NaN
}

}  // namespace

const Rows* row_table() {
  static const Rows table{sum,         max,        min,      dot,       moments,      add_scaled,
                          scale_shift, layer_norm, rms_norm, normalise, exp_from_max, argmax};
  return &table;
}

}  // namespace motet::device::cpu::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace motet::device::cpu::simd {

HWY_EXPORT(row_table);

const Rows& rows() { return *HWY_DYNAMIC_DISPATCH(row_table)(); }

}  // namespace motet::device::cpu::simd
#endif
