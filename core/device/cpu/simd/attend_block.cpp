#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "device/cpu/simd/attend_block.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "device/cpu/simd/math-inl.hpp"
#include "device/cpu/simd/partial-inl.hpp"

#include <algorithm>
#include <limits>

#include "device/cpu/simd/attend_block.hpp"

HWY_BEFORE_NAMESPACE();
namespace motet::device::cpu::simd::HWY_NAMESPACE {
namespace {

using I32 = hn::RebindToSigned<F32>;

// As many sums as the registers hold: 32 of them with AVX-512, else 16.
constexpr bool kManyRegisters = HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3;
constexpr std::size_t kKeysTogether = kManyRegisters ? 8 : 4;
constexpr std::size_t kRowsTogether = kManyRegisters ? 8 : 4;
constexpr std::size_t kValueVectors = kManyRegisters ? 3 : 2;
// Keys whose products are summed before they join the rest: short sums round less.
constexpr std::size_t kKeysASum = 512;

// The queries of a block, `stride` floats apart in everything that has them side by side.
struct Block {
  const AttendBlock& w;
  std::size_t stride;
  float* queries;  // [d, stride], times the scale
  float* scores;   // [keys, stride]
  float* inverse;  // [stride]
};

void turn_queries(const Block& b) {
  const AttendBlock& w = b.w;
  std::size_t row = 0;
#if HWY_TARGET != HWY_SCALAR
  const hn::FixedTag<float, 4> d4;
  const auto scale = hn::Set(d4, w.scale);
  for (; row + 4 <= w.rows; row += 4) {
    const float* q = w.query + row * w.ldq;
    std::size_t i = 0;
    for (; i + 4 <= w.d; i += 4) {
      const auto r0 = hn::LoadU(d4, q + i), r1 = hn::LoadU(d4, q + w.ldq + i);
      const auto r2 = hn::LoadU(d4, q + 2 * w.ldq + i), r3 = hn::LoadU(d4, q + 3 * w.ldq + i);
      const auto even_low = hn::InterleaveLower(d4, r0, r2), odd_low = hn::InterleaveLower(d4, r1, r3);
      const auto even_high = hn::InterleaveUpper(d4, r0, r2), odd_high = hn::InterleaveUpper(d4, r1, r3);
      float* to = b.queries + i * b.stride + row;
      hn::StoreU(hn::Mul(scale, hn::InterleaveLower(d4, even_low, odd_low)), d4, to);
      hn::StoreU(hn::Mul(scale, hn::InterleaveUpper(d4, even_low, odd_low)), d4, to + b.stride);
      hn::StoreU(hn::Mul(scale, hn::InterleaveLower(d4, even_high, odd_high)), d4, to + 2 * b.stride);
      hn::StoreU(hn::Mul(scale, hn::InterleaveUpper(d4, even_high, odd_high)), d4, to + 3 * b.stride);
    }
    for (; i < w.d; ++i) {
      for (std::size_t t = 0; t < 4; ++t) b.queries[i * b.stride + row + t] = w.scale * q[t * w.ldq + i];
    }
  }
#endif
  for (; row < w.rows; ++row) {
    for (std::size_t i = 0; i < w.d; ++i) b.queries[i * b.stride + row] = w.scale * w.query[row * w.ldq + i];
  }
  for (; row < b.stride; ++row) {  // lanes that stand for no query
    for (std::size_t i = 0; i < w.d; ++i) b.queries[i * b.stride + row] = 0.0f;
  }
}

// Scores of kK keys from key `at` on, and their largest so far.
template <std::size_t kK, std::size_t kV>
HWY_INLINE void score_keys(const Block& b, std::size_t at, V32 (&most)[kV]) {
  const AttendBlock& w = b.w;
  const F32 d;
  const I32 di;
  const std::size_t lanes = hn::Lanes(d);
  V32 acc[kK][kV];
  MOTET_CPU_UNROLL
  for (std::size_t j = 0; j < kK; ++j) {
    MOTET_CPU_UNROLL
    for (std::size_t v = 0; v < kV; ++v) acc[j][v] = hn::Zero(d);
  }
  const float* key = w.key + at * w.ldk;
  for (std::size_t i = 0; i < w.d; ++i) {
    V32 q[kV];
    MOTET_CPU_UNROLL
    for (std::size_t v = 0; v < kV; ++v) q[v] = hn::LoadU(d, b.queries + i * b.stride + v * lanes);
    MOTET_CPU_UNROLL
    for (std::size_t j = 0; j < kK; ++j) {
      const V32 factor = hn::Set(d, key[j * w.ldk + i]);
      MOTET_CPU_UNROLL
      for (std::size_t v = 0; v < kV; ++v) acc[j][v] = hn::MulAdd(factor, q[v], acc[j][v]);
    }
  }
  const V32 never = hn::Set(d, -std::numeric_limits<float>::infinity());
  MOTET_CPU_UNROLL
  for (std::size_t j = 0; j < kK; ++j) {
    float* to = b.scores + (at + j) * b.stride;
    if (w.bias != nullptr) {
      HWY_ALIGN float bias[kBlockQueries] = {};
      for (std::size_t t = 0; t < w.rows; ++t) bias[t] = w.bias[t * w.ldbias + at + j];
      MOTET_CPU_UNROLL
      for (std::size_t v = 0; v < kV; ++v) acc[j][v] = hn::Add(acc[j][v], hn::LoadU(d, bias + v * lanes));
    }
    MOTET_CPU_UNROLL
    for (std::size_t v = 0; v < kV; ++v) {
      if (w.begin != nullptr) {
        const auto here = hn::Set(di, static_cast<std::int32_t>(at + j));
        const auto hidden = hn::Or(hn::Lt(here, hn::LoadU(di, w.begin + v * lanes)),
                                   hn::Not(hn::Lt(here, hn::LoadU(di, w.end + v * lanes))));
        acc[j][v] = hn::IfThenElse(hn::RebindMask(d, hidden), never, acc[j][v]);
      }
      most[v] = hn::Max(most[v], acc[j][v]);
      hn::StoreU(acc[j][v], d, to + v * lanes);
    }
  }
}

// Scores, then their exponentials in place; 1 / sum of each query's.
template <std::size_t kV>
void weigh(const Block& b) {
  const F32 d;
  const std::size_t lanes = hn::Lanes(d);
  V32 most[kV], sum[kV];
  MOTET_CPU_UNROLL
  for (std::size_t v = 0; v < kV; ++v) {
    most[v] = hn::Set(d, -std::numeric_limits<float>::infinity());
    sum[v] = hn::Zero(d);
  }
  std::size_t at = 0;
  for (; at + kKeysTogether <= b.w.keys; at += kKeysTogether) score_keys<kKeysTogether, kV>(b, at, most);
  for (; at < b.w.keys; ++at) score_keys<1, kV>(b, at, most);
  // A query that sees nothing: exponentials of -inf - 0 are zeros. Where a score is NaN `most` may be anything; the sum
  // is NaN then, and with it all that the query gets.
  MOTET_CPU_UNROLL
  for (std::size_t v = 0; v < kV; ++v) {
    most[v] = hn::IfThenElse(hn::Ge(most[v], hn::Set(d, std::numeric_limits<float>::lowest())), most[v], hn::Zero(d));
  }
  for (std::size_t key = 0; key < b.w.keys; ++key) {
    float* row = b.scores + key * b.stride;
    MOTET_CPU_UNROLL
    for (std::size_t v = 0; v < kV; ++v) {
      const V32 e = exponential(d, hn::Sub(hn::LoadU(d, row + v * lanes), most[v]));
      sum[v] = hn::Add(sum[v], e);
      hn::StoreU(e, d, row + v * lanes);
    }
  }
  MOTET_CPU_UNROLL
  for (std::size_t v = 0; v < kV; ++v) {
    const auto none = hn::Eq(sum[v], hn::Zero(d));
    hn::StoreU(hn::IfThenZeroElse(none, hn::Div(hn::Set(d, 1.0f), sum[v])), d, b.inverse + v * lanes);
  }
}

// y of kR queries from `row` on, kV vectors of columns from `col` on, the last of `last` elements; keys [from, to) join
// what `from` earlier ones gave. Scores of lanes beyond `rows` exist; only y's rows must not be written.
template <std::size_t kR, std::size_t kV>
HWY_INLINE void mix_values(const Block& b, std::size_t row, std::size_t col, std::size_t last, std::size_t from,
                           std::size_t to) {
  const AttendBlock& w = b.w;
  const F32 d;
  const std::size_t lanes = hn::Lanes(d);
  const bool whole = last == lanes;
  V32 acc[kR][kV];
  MOTET_CPU_UNROLL
  for (std::size_t t = 0; t < kR; ++t) {
    MOTET_CPU_UNROLL
    for (std::size_t v = 0; v < kV; ++v) acc[t][v] = hn::Zero(d);
  }
  const float* value = w.value + from * w.ldv + col;
  const float* weight = b.scores + from * b.stride + row;
  for (std::size_t key = from; key < to; ++key, value += w.ldv, weight += b.stride) {
    V32 x[kV];
    MOTET_CPU_UNROLL
    for (std::size_t v = 0; v < kV; ++v) {
      x[v] = v + 1 < kV || whole ? hn::LoadU(d, value + v * lanes) : load_part(d, value + v * lanes, last);
    }
    MOTET_CPU_UNROLL
    for (std::size_t t = 0; t < kR; ++t) {
      const V32 factor = hn::Set(d, weight[t]);
      MOTET_CPU_UNROLL
      for (std::size_t v = 0; v < kV; ++v) acc[t][v] = hn::MulAdd(factor, x[v], acc[t][v]);
    }
  }
  MOTET_CPU_UNROLL
  for (std::size_t t = 0; t < kR; ++t) {
    if (row + t >= w.rows) break;
    const V32 inverse = hn::Set(d, b.inverse[row + t]);
    float* y = w.y + (row + t) * w.ldy + col;
    MOTET_CPU_UNROLL
    for (std::size_t v = 0; v < kV; ++v) {
      const bool part = v + 1 == kV && !whole;
      V32 sum = hn::Mul(inverse, acc[t][v]);
      if (from != 0) sum = hn::Add(sum, part ? load_part(d, y + v * lanes, last) : hn::LoadU(d, y + v * lanes));
      if (part) {
        store_part(sum, d, y + v * lanes, last);
      } else {
        hn::StoreU(sum, d, y + v * lanes);
      }
    }
  }
}

template <std::size_t kV>
void mix_columns(const Block& b, std::size_t col, std::size_t last) {
  std::size_t from = 0;
  do {
    const std::size_t to = std::min(b.w.keys, from + kKeysASum);
    for (std::size_t row = 0; row < b.w.rows; row += kRowsTogether) {
      mix_values<kRowsTogether, kV>(b, row, col, last, from, to);
    }
    from = to;
  } while (from < b.w.keys);
}

void mix(const Block& b) {
  const std::size_t lanes = hn::Lanes(F32());
  for (std::size_t col = 0; col < b.w.d;) {
    const std::size_t vectors = std::min(kValueVectors, (b.w.d - col + lanes - 1) / lanes);
    const std::size_t last = std::min(lanes, b.w.d - col - (vectors - 1) * lanes);
    if (vectors == 3) mix_columns<3>(b, col, last);
    if (vectors == 2) mix_columns<2>(b, col, last);
    if (vectors == 1) mix_columns<1>(b, col, last);
    col += vectors * lanes;
  }
}

// Lanes * kV queries, or as many as there are.
template <std::size_t kV>
void attend_some(const AttendBlock& w) {
  const std::size_t stride = kV * hn::Lanes(F32());
  float* queries = w.scratch;
  float* inverse = queries + w.d * stride;
  const Block b{w, stride, queries, inverse + stride, inverse};
  turn_queries(b);
  weigh<kV>(b);
  mix(b);
}

}  // namespace

void attend_rows(const AttendBlock& work) {
  const std::size_t lanes = hn::Lanes(F32());
  for (std::size_t row = 0; row < work.rows;) {
    AttendBlock some = work;
    some.rows = std::min(work.rows - row, 2 * lanes);
    some.query += row * work.ldq;
    some.y += row * work.ldy;
    if (work.bias != nullptr) some.bias += row * work.ldbias;
    if (work.begin != nullptr) some.begin += row, some.end += row;
    if (some.rows > lanes) {
      attend_some<2>(some);
    } else {
      attend_some<1>(some);
    }
    row += some.rows;
  }
}

}  // namespace motet::device::cpu::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace motet::device::cpu::simd {

HWY_EXPORT(attend_rows);

void attend_block(const AttendBlock& work) { HWY_DYNAMIC_DISPATCH(attend_rows)(work); }

}  // namespace motet::device::cpu::simd
#endif
