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
constexpr std::size_t kColumnsTogether = kManyRegisters ? 12 : 6;
// Keys whose products are summed before they join the rest: short sums round less.
constexpr std::size_t kKeysASum = 512;

// The queries of a block, `stride` floats apart in everything that has them side by side.
struct Block {
  const AttendBlock& w;
  std::size_t stride;
  float* queries;  // [d, stride], times the scale
  float* scores;   // [keys, stride]
  float* inverse;  // [stride]
  float* mixed;    // [d, stride], where the queries were
};

#if HWY_TARGET != HWY_SCALAR
// Four by four floats, their rows made columns.
class Square {
 public:
  HWY_INLINE Square(const float* from, std::size_t stride) {
    const auto r0 = hn::LoadU(d4_, from), r1 = hn::LoadU(d4_, from + stride);
    const auto r2 = hn::LoadU(d4_, from + 2 * stride), r3 = hn::LoadU(d4_, from + 3 * stride);
    const auto even_low = hn::InterleaveLower(d4_, r0, r2), odd_low = hn::InterleaveLower(d4_, r1, r3);
    const auto even_high = hn::InterleaveUpper(d4_, r0, r2), odd_high = hn::InterleaveUpper(d4_, r1, r3);
    row0_ = hn::InterleaveLower(d4_, even_low, odd_low);
    row1_ = hn::InterleaveUpper(d4_, even_low, odd_low);
    row2_ = hn::InterleaveLower(d4_, even_high, odd_high);
    row3_ = hn::InterleaveUpper(d4_, even_high, odd_high);
  }
  HWY_INLINE void scale(float factor) {
    const auto by = hn::Set(d4_, factor);
    row0_ = hn::Mul(by, row0_), row1_ = hn::Mul(by, row1_), row2_ = hn::Mul(by, row2_), row3_ = hn::Mul(by, row3_);
  }
  HWY_INLINE void store(float* to, std::size_t stride) const {
    hn::StoreU(row0_, d4_, to);
    hn::StoreU(row1_, d4_, to + stride);
    hn::StoreU(row2_, d4_, to + 2 * stride);
    hn::StoreU(row3_, d4_, to + 3 * stride);
  }

 private:
  using D4 = hn::FixedTag<float, 4>;
  static constexpr D4 d4_{};
  hn::Vec<D4> row0_, row1_, row2_, row3_;
};
#endif

void turn_queries(const Block& b) {
  const AttendBlock& w = b.w;
  std::size_t row = 0;
#if HWY_TARGET != HWY_SCALAR
  for (; row + 4 <= w.rows; row += 4) {
    const float* q = w.query + row * w.ldq;
    std::size_t i = 0;
    for (; i + 4 <= w.d; i += 4) {
      Square turned(q + i, w.ldq);
      turned.scale(w.scale);
      turned.store(b.queries + i * b.stride + row, b.stride);
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

// Columns [col, col + kD) of all queries' sums, into b.mixed: keys [from, to) join what `from` earlier ones gave.
// Queries lie side by side in a vector here too, so that no lane is idle whatever the number of columns.
template <std::size_t kD, std::size_t kV>
HWY_INLINE void mix_columns(const Block& b, std::size_t col, std::size_t from, std::size_t to) {
  const AttendBlock& w = b.w;
  const F32 d;
  const std::size_t lanes = hn::Lanes(d);
  V32 acc[kD][kV];
  MOTET_CPU_UNROLL
  for (std::size_t i = 0; i < kD; ++i) {
    MOTET_CPU_UNROLL
    for (std::size_t v = 0; v < kV; ++v) acc[i][v] = hn::Zero(d);
  }
  const float* value = w.value + from * w.ldv + col;
  const float* weight = b.scores + from * b.stride;
  for (std::size_t key = from; key < to; ++key, value += w.ldv, weight += b.stride) {
    V32 e[kV];
    MOTET_CPU_UNROLL
    for (std::size_t v = 0; v < kV; ++v) e[v] = hn::LoadU(d, weight + v * lanes);
    MOTET_CPU_UNROLL
    for (std::size_t i = 0; i < kD; ++i) {
      const V32 factor = hn::Set(d, value[i]);
      MOTET_CPU_UNROLL
      for (std::size_t v = 0; v < kV; ++v) acc[i][v] = hn::MulAdd(factor, e[v], acc[i][v]);
    }
  }
  MOTET_CPU_UNROLL
  for (std::size_t i = 0; i < kD; ++i) {
    MOTET_CPU_UNROLL
    for (std::size_t v = 0; v < kV; ++v) {
      float* mixed = b.mixed + (col + i) * b.stride + v * lanes;
      const V32 sum = hn::Mul(hn::LoadU(d, b.inverse + v * lanes), acc[i][v]);
      hn::StoreU(from == 0 ? sum : hn::Add(sum, hn::LoadU(d, mixed)), d, mixed);
    }
  }
}

template <std::size_t kV>
void mix(const Block& b) {
  std::size_t from = 0;
  do {
    const std::size_t to = std::min(b.w.keys, from + kKeysASum);
    std::size_t col = 0;
    for (; col + kColumnsTogether <= b.w.d; col += kColumnsTogether)
      mix_columns<kColumnsTogether, kV>(b, col, from, to);
    for (; col + 4 <= b.w.d; col += 4) mix_columns<4, kV>(b, col, from, to);
    for (; col < b.w.d; ++col) mix_columns<1, kV>(b, col, from, to);
    from = to;
  } while (from < b.w.keys);
}

// The queries' results, one after the other.
void turn_back(const Block& b) {
  const AttendBlock& w = b.w;
  std::size_t row = 0;
#if HWY_TARGET != HWY_SCALAR
  for (; row + 4 <= w.rows; row += 4) {
    float* y = w.y + row * w.ldy;
    std::size_t i = 0;
    for (; i + 4 <= w.d; i += 4) {
      const Square turned(b.mixed + i * b.stride + row, b.stride);
      turned.store(y + i, w.ldy);
    }
    for (; i < w.d; ++i) {
      for (std::size_t t = 0; t < 4; ++t) y[t * w.ldy + i] = b.mixed[i * b.stride + row + t];
    }
  }
#endif
  for (; row < w.rows; ++row) {
    for (std::size_t i = 0; i < w.d; ++i) w.y[row * w.ldy + i] = b.mixed[i * b.stride + row];
  }
}

// Lanes * kV queries, or as many as there are.
template <std::size_t kV>
void attend_some(const AttendBlock& w) {
  const std::size_t stride = kV * hn::Lanes(F32());
  float* queries = w.scratch;
  float* inverse = queries + w.d * stride;
  const Block b{w, stride, queries, inverse + stride, inverse, queries};
  turn_queries(b);
  weigh<kV>(b);
  mix<kV>(b);
  turn_back(b);
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
