#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "device/cpu/simd/mix.cpp"
#include <hwy/cache_control.h>
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "device/cpu/simd/partial-inl.hpp"

#include "device/cpu/simd/mix.hpp"

HWY_BEFORE_NAMESPACE();
namespace motet::device::cpu::simd::HWY_NAMESPACE {
namespace {

constexpr std::size_t kVectors = 4;  // columns at once
// As many rows of x at once as the registers hold sums of: 32 of them with AVX-512, else 16.
constexpr std::size_t kTogether = HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3 ? 4 : 2;
// Asked for ahead of use: a row's piece is short and the next one far, so that hardware asks too late.
constexpr std::size_t kBytesAhead = 8192;

// kM rows of x from row m on, kV vectors of columns from c on; the last vector has `last` elements. A single row of x
// has too few sums to keep the multipliers busy, so it takes b's rows in turn into two sets of them.
template <std::size_t kM, std::size_t kV>
HWY_INLINE void mix_tile(const MixRows& w, std::size_t m, std::size_t c, std::size_t last) {
  const F32 d;
  const std::size_t lanes = hn::Lanes(d);
  constexpr std::size_t kSets = kM == 1 ? 2 : 1;
  const bool whole = last == lanes;
  const std::size_t ahead = kBytesAhead / (kV * lanes * sizeof(float)) * w.ldb;
  V32 acc[kSets][kM][kV];
  MOTET_CPU_UNROLL
  for (std::size_t s = 0; s < kSets; ++s) {
    MOTET_CPU_UNROLL
    for (std::size_t j = 0; j < kM; ++j) {
      MOTET_CPU_UNROLL
      for (std::size_t v = 0; v < kV; ++v) acc[s][j][v] = hn::Zero(d);
    }
  }
  const float* x = w.x + m * w.ldx;
  const auto add_row = [&](std::size_t i, V32(&sums)[kM][kV]) HWY_ATTR {
    const float* b = w.b + i * w.ldb + c;
    V32 row[kV];
    MOTET_CPU_UNROLL
    for (std::size_t v = 0; v < kV; ++v) {
      if (m == 0) hwy::Prefetch(b + ahead + v * lanes);
      row[v] = v + 1 < kV || whole ? hn::LoadU(d, b + v * lanes) : load_part(d, b + v * lanes, last);
    }
    MOTET_CPU_UNROLL
    for (std::size_t j = 0; j < kM; ++j) {
      const V32 factor = hn::Set(d, x[j * w.ldx + i]);
      MOTET_CPU_UNROLL
      for (std::size_t v = 0; v < kV; ++v) sums[j][v] = hn::MulAdd(factor, row[v], sums[j][v]);
    }
  };
  std::size_t i = 0;
  for (; i + kSets <= w.k; i += kSets) {
    MOTET_CPU_UNROLL
    for (std::size_t s = 0; s < kSets; ++s) add_row(i + s, acc[s]);
  }
  if (kSets == 2 && i < w.k) add_row(i, acc[0]);
  MOTET_CPU_UNROLL
  for (std::size_t j = 0; j < kM; ++j) {
    float* y = w.y + (m + j) * w.ldy + c;
    MOTET_CPU_UNROLL
    for (std::size_t v = 0; v < kV; ++v) {
      const V32 sum = kSets == 2 ? hn::Add(acc[0][j][v], acc[kSets - 1][j][v]) : acc[0][j][v];
      if (v + 1 < kV || whole) {
        hn::StoreU(sum, d, y + v * lanes);
      } else {
        store_part(sum, d, y + v * lanes, last);
      }
    }
  }
}

template <std::size_t kM>
HWY_INLINE void mix_columns(const MixRows& w, std::size_t m) {
  const std::size_t lanes = hn::Lanes(F32());
  std::size_t c = 0;
  for (; c + kVectors * lanes <= w.cols; c += kVectors * lanes) mix_tile<kM, kVectors>(w, m, c, lanes);
  const std::size_t rest = w.cols - c;
  if (rest == 0) return;
  const std::size_t vectors = (rest + lanes - 1) / lanes;
  const std::size_t last = rest - (vectors - 1) * lanes;
  if (vectors == 4) mix_tile<kM, 4>(w, m, c, last);
  if (vectors == 3) mix_tile<kM, 3>(w, m, c, last);
  if (vectors == 2) mix_tile<kM, 2>(w, m, c, last);
  if (vectors == 1) mix_tile<kM, 1>(w, m, c, last);
}

}  // namespace

void mix(const MixRows& w) {
  std::size_t m = 0;
  for (; m + kTogether <= w.m_count; m += kTogether) mix_columns<kTogether>(w, m);
  if (m + 2 <= w.m_count) mix_columns<2>(w, m), m += 2;
  if (m < w.m_count) mix_columns<1>(w, m);
}

}  // namespace motet::device::cpu::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace motet::device::cpu::simd {

HWY_EXPORT(mix);

void mix_rows(const MixRows& work) { HWY_DYNAMIC_DISPATCH(mix)(work); }

}  // namespace motet::device::cpu::simd
#endif
