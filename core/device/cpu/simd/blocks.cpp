#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "device/cpu/simd/blocks.cpp"
#include <hwy/cache_control.h>
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "device/cpu/simd/partial-inl.hpp"
#include "device/cpu/simd/super_blocks-inl.hpp"

#include <cassert>
#include <cstring>

#include "device/cpu/simd/blocks.hpp"
#include "tensor/blocks.hpp"

HWY_BEFORE_NAMESPACE();
namespace motet::device::cpu::simd::HWY_NAMESPACE {
namespace {

using tensor::DType;

// Two f16 at `p` as floats (the second one only where it means something); 8 readable bytes.
struct Halves {
  float first, second;
};
HWY_INLINE Halves load_halves(const std::byte* p) {
#if HWY_TARGET != HWY_SCALAR
  const hn::CappedTag<float, 4> df;
  const hn::Rebind<hwy::float16_t, hn::CappedTag<float, 4>> dh;
  const auto v = hn::PromoteTo(df, hn::LoadU(dh, reinterpret_cast<const hwy::float16_t*>(p)));
  return {hn::GetLane(v), hn::ExtractLane(v, 1)};
#else
  std::uint16_t h[2];
  std::memcpy(h, p, 4);
  return {tensor::from_f16(h[0]), tensor::from_f16(h[1])};
#endif
}

// Each block format: `elements` a unit, bytes a unit, and the unit's elements [i, i + lanes) as floats.
// open() reads what the whole unit shares; at<kHigh>() gives lanes.

struct Q8_0 {
  static constexpr std::size_t kElements = 32, kBytes = 34;
  V32 scale;
  const std::int8_t* quants;
  HWY_INLINE Q8_0(F32 d, const std::byte* p)
      : scale(hn::Set(d, load_halves(p).first)), quants(reinterpret_cast<const std::int8_t*>(p + 2)) {}
  HWY_INLINE V32 at(F32 d, std::size_t i) const {
    const hn::Rebind<std::int8_t, F32> d8;
    const hn::Rebind<std::int32_t, F32> d32;
    return hn::Mul(scale, hn::ConvertTo(d, hn::PromoteTo(d32, hn::LoadU(d8, quants + i))));
  }
};

HWY_INLINE V32 nibbles(F32 d, const std::uint8_t* quants, std::size_t i) {
  const hn::Rebind<std::uint8_t, F32> d8;
  const hn::Rebind<std::int32_t, F32> d32;
  const auto v = hn::PromoteTo(d32, hn::LoadU(d8, quants + (i & 15)));
  return hn::ConvertTo(d, i < 16 ? hn::And(v, hn::Set(d32, 15)) : hn::ShiftRight<4>(v));
}

struct Q4_0 {
  static constexpr std::size_t kElements = 32, kBytes = 18;
  V32 scale, shift;
  const std::uint8_t* quants;
  HWY_INLINE Q4_0(F32 d, const std::byte* p) : quants(reinterpret_cast<const std::uint8_t*>(p + 2)) {
    const float s = load_halves(p).first;
    scale = hn::Set(d, s);
    shift = hn::Set(d, -8.0f * s);
  }
  HWY_INLINE V32 at(F32 d, std::size_t i) const { return hn::MulAdd(nibbles(d, quants, i), scale, shift); }
};

struct Q4_1 {
  static constexpr std::size_t kElements = 32, kBytes = 20;
  V32 scale, minimum;
  const std::uint8_t* quants;
  HWY_INLINE Q4_1(F32 d, const std::byte* p) : quants(reinterpret_cast<const std::uint8_t*>(p + 4)) {
    const Halves h = load_halves(p);
    scale = hn::Set(d, h.first);
    minimum = hn::Set(d, h.second);
  }
  HWY_INLINE V32 at(F32 d, std::size_t i) const { return hn::MulAdd(nibbles(d, quants, i), scale, minimum); }
};

// The fifth bits of lanes [i, i + lanes), in their place above a nibble.
HWY_INLINE V32 with_fifth_bits(F32 d, V32 low, std::uint32_t high, std::size_t i) {
  const hn::Rebind<std::int32_t, F32> d32;
  const hn::Rebind<std::uint32_t, F32> du;
  const auto bits = hn::Shr(hn::Set(du, high), hn::Iota(du, static_cast<std::uint32_t>(i)));
  return hn::Add(low, hn::ConvertTo(d, hn::BitCast(d32, hn::ShiftLeft<4>(hn::And(bits, hn::Set(du, 1))))));
}

// q5_0 with its zero at 16, q5_1 with a minimum.
template <bool kMinimum>
struct Q5 {
  static constexpr std::size_t kElements = 32, kBytes = kMinimum ? 24 : 22;
  V32 scale, shift;
  std::uint32_t high;
  const std::uint8_t* quants;
  HWY_INLINE Q5(F32 d, const std::byte* p) : quants(reinterpret_cast<const std::uint8_t*>(p + kBytes - 16)) {
    const Halves h = load_halves(p);
    scale = hn::Set(d, h.first);
    shift = hn::Set(d, kMinimum ? h.second : -16.0f * h.first);
    std::memcpy(&high, p + kBytes - 20, sizeof high);
  }
  HWY_INLINE V32 at(F32 d, std::size_t i) const {
    return hn::MulAdd(with_fifth_bits(d, nibbles(d, quants, i), high, i), scale, shift);
  }
};

template <class Block>
void expand_blocks(const std::byte* blocks, float* out, std::size_t elements) {
  const F32 d;
  const std::size_t lanes = hn::Lanes(d);
  for (std::size_t b = 0; b < elements / Block::kElements; ++b, blocks += Block::kBytes, out += Block::kElements) {
    const Block block(d, blocks);
    MOTET_CPU_UNROLL
    for (std::size_t i = 0; i < Block::kElements; i += lanes) hn::StoreU(block.at(d, i), d, out + i);
  }
}

HWY_INLINE V32 widen_f16(F32 d, const std::byte* p) {
  const hn::Rebind<hwy::float16_t, F32> dh;
  return hn::PromoteTo(d, hn::LoadU(dh, reinterpret_cast<const hwy::float16_t*>(p)));
}
HWY_INLINE V32 widen_bf16(F32 d, const std::byte* p) {
  const hn::Rebind<std::uint16_t, F32> d16;
  const hn::Rebind<std::uint32_t, F32> d32;
  return hn::BitCast(d,
                     hn::ShiftLeft<16>(hn::PromoteTo(d32, hn::LoadU(d16, reinterpret_cast<const std::uint16_t*>(p)))));
}

template <V32 (*kWiden)(F32, const std::byte*), float (*kOne)(std::uint16_t)>
void expand_halves(const std::byte* halves, float* out, std::size_t elements) {
  const F32 d;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + lanes <= elements; i += lanes) hn::StoreU(kWiden(d, halves + 2 * i), d, out + i);
  for (; i < elements; ++i) {
    std::uint16_t half;
    std::memcpy(&half, halves + 2 * i, 2);
    out[i] = kOne(half);
  }
}

void expand_f32(const std::byte* floats, float* out, std::size_t elements) {
  std::memcpy(out, floats, elements * sizeof(float));
}

// Bytes ahead of a row's place to ask for the same place in one of the next rows, kAhead bytes later: whoever reads
// several places side by side has as many requests under way, and what hardware asks for ends with the page.
HWY_INLINE std::size_t prefetch_distance(std::size_t used_bytes, std::size_t row_bytes) {
  constexpr std::size_t kAhead = 1024;
  const std::size_t used = used_bytes == 0 ? 1 : used_bytes;
  return (kAhead + used - 1) / used * row_bytes;
}

HWY_INLINE float total(V32 v) { return hn::GetLane(hn::SumOfLanes(F32(), v)); }

// kRows weight rows, each `step` after the one before, against kM rows of x: each weight vector is made once.
template <class Block, std::size_t kRows, std::size_t kM>
HWY_INLINE void dot_tile(const DotRows& w, std::size_t row, std::size_t step, std::size_t m) {
  const F32 d;
  const std::size_t lanes = hn::Lanes(d);
  const std::byte* weight[kRows];
  V32 acc[kRows][kM];
  MOTET_CPU_UNROLL
  for (std::size_t r = 0; r < kRows; ++r) {
    weight[r] = w.weight + (row + r * step) * w.row_bytes;
    MOTET_CPU_UNROLL
    for (std::size_t j = 0; j < kM; ++j) acc[r][j] = hn::Zero(d);
  }
  const float* x = w.x + m * w.ldx;
  const std::size_t ahead = prefetch_distance(w.k / Block::kElements * Block::kBytes, w.row_bytes);
  for (std::size_t k = 0; k < w.k; k += Block::kElements) {
    MOTET_CPU_UNROLL
    for (std::size_t r = 0; r < kRows; ++r) {
      const Block block(d, weight[r]);
      if (m == 0) hwy::Prefetch(weight[r] + ahead);
      weight[r] += Block::kBytes;
      MOTET_CPU_UNROLL
      for (std::size_t i = 0; i < Block::kElements; i += lanes) {
        const V32 v = block.at(d, i);
        MOTET_CPU_UNROLL
        for (std::size_t j = 0; j < kM; ++j) acc[r][j] = hn::MulAdd(v, hn::LoadU(d, x + j * w.ldx + k + i), acc[r][j]);
      }
    }
  }
  MOTET_CPU_UNROLL
  for (std::size_t r = 0; r < kRows; ++r) {
    MOTET_CPU_UNROLL
    for (std::size_t j = 0; j < kM; ++j) w.y[(m + j) * w.ldy + row + r * step] = total(acc[r][j]);
  }
}

// As dot_tile, for formats without blocks.
template <class Load, std::size_t kRows, std::size_t kM>
HWY_INLINE void dot_plain_tile(const DotRows& w, std::size_t row, std::size_t step, std::size_t m) {
  const F32 d;
  const std::size_t lanes = hn::Lanes(d);
  const std::byte* weight = w.weight + row * w.row_bytes;
  const std::size_t stride = step * w.row_bytes;
  V32 acc[kRows][kM];
  MOTET_CPU_UNROLL
  for (std::size_t r = 0; r < kRows; ++r) {
    MOTET_CPU_UNROLL
    for (std::size_t j = 0; j < kM; ++j) acc[r][j] = hn::Zero(d);
  }
  const float* x = w.x + m * w.ldx;
  const std::size_t ahead = prefetch_distance(w.k * Load::kBytes, w.row_bytes);
  std::size_t k = 0;
  for (; k + lanes <= w.k; k += lanes) {
    MOTET_CPU_UNROLL
    for (std::size_t r = 0; r < kRows; ++r) {
      if (m == 0) hwy::Prefetch(weight + r * stride + k * Load::kBytes + ahead);
      const V32 v = Load::whole(d, weight + r * stride + k * Load::kBytes);
      MOTET_CPU_UNROLL
      for (std::size_t j = 0; j < kM; ++j) acc[r][j] = hn::MulAdd(v, hn::LoadU(d, x + j * w.ldx + k), acc[r][j]);
    }
  }
  if (k < w.k) {
    MOTET_CPU_UNROLL
    for (std::size_t r = 0; r < kRows; ++r) {
      if (m == 0) hwy::Prefetch(weight + r * stride + k * Load::kBytes + ahead);
      const V32 v = Load::part(d, weight + r * stride + k * Load::kBytes, w.k - k);
      MOTET_CPU_UNROLL
      for (std::size_t j = 0; j < kM; ++j) {
        acc[r][j] = hn::MulAdd(v, load_part(d, x + j * w.ldx + k, w.k - k), acc[r][j]);
      }
    }
  }
  MOTET_CPU_UNROLL
  for (std::size_t r = 0; r < kRows; ++r) {
    MOTET_CPU_UNROLL
    for (std::size_t j = 0; j < kM; ++j) w.y[(m + j) * w.ldy + row + r * step] = total(acc[r][j]);
  }
}

struct PlainF32 {
  static constexpr std::size_t kBytes = 4;
  static HWY_INLINE V32 whole(F32 d, const std::byte* p) { return hn::LoadU(d, reinterpret_cast<const float*>(p)); }
  static HWY_INLINE V32 part(F32 d, const std::byte* p, std::size_t n) {
    return load_part(d, reinterpret_cast<const float*>(p), n);
  }
};
template <V32 (*kWiden)(F32, const std::byte*)>
struct Half {
  static constexpr std::size_t kBytes = 2;
  static HWY_INLINE V32 whole(F32 d, const std::byte* p) { return kWiden(d, p); }
  static HWY_INLINE V32 part(F32 d, const std::byte* p, std::size_t n) {
    HWY_ALIGN std::uint16_t buffer[HWY_LANES(std::uint16_t)] = {};
    std::memcpy(buffer, p, 2 * n);
    return kWiden(d, reinterpret_cast<const std::byte*>(buffer));
  }
};

template <class Format, std::size_t kRows, std::size_t kM>
struct BlockTile {
  static HWY_INLINE void run(const DotRows& w, std::size_t row, std::size_t step, std::size_t m) {
    dot_tile<Format, kRows, kM>(w, row, step, m);
  }
};
template <class Format, std::size_t kRows, std::size_t kM>
struct PlainTile {
  static HWY_INLINE void run(const DotRows& w, std::size_t row, std::size_t step, std::size_t m) {
    dot_plain_tile<Format, kRows, kM>(w, row, step, m);
  }
};

// As many rows of x at once as the registers hold sums of: 32 of them with AVX-512, else 16.
constexpr std::size_t kTogether = HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3 ? 4 : 2;

// Rows are walked outside, so that a weight row read for the first rows of x is still in cache for the rest.
template <template <class, std::size_t, std::size_t> class Tile, class Format, std::size_t kRows>
HWY_INLINE void dot_row_group(const DotRows& w, std::size_t row, std::size_t step) {
  std::size_t m = 0;
  for (; m + kTogether <= w.m_count; m += kTogether) Tile<Format, kRows, kTogether>::run(w, row, step, m);
  if (m + 2 <= w.m_count) Tile<Format, kRows, 2>::run(w, row, step, m), m += 2;
  if (m < w.m_count) Tile<Format, kRows, 1>::run(w, row, step, m);
}

template <template <class, std::size_t, std::size_t> class Tile, class Format>
void dot_rows(const DotRows& w) {
  // Four rows at a time that lie far from each other: memory is read at four places, in as many pages, whose
  // translations and first lines are then waited for together. One place at a time got two thirds of that rate.
  const std::size_t step = w.rows / 4;
  for (std::size_t row = 0; row < step; ++row) dot_row_group<Tile, Format, 4>(w, row, step);
  for (std::size_t row = step * 4; row < w.rows; ++row) dot_row_group<Tile, Format, 1>(w, row, 1);
}

}  // namespace

Expand find_expand(DType dtype) {
  switch (dtype) {
    case DType::f32:
      return expand_f32;
    case DType::f16:
      return expand_halves<widen_f16, tensor::from_f16>;
    case DType::bf16:
      return expand_halves<widen_bf16, tensor::from_bf16>;
    case DType::q8_0:
      return expand_blocks<Q8_0>;
    case DType::q4_0:
      return expand_blocks<Q4_0>;
    case DType::q4_1:
      return expand_blocks<Q4_1>;
    case DType::q5_0:
      return expand_blocks<Q5<false>>;
    case DType::q5_1:
      return expand_blocks<Q5<true>>;
    case DType::q4_K:
      return expand_super_blocks<Fours<false>>;
    case DType::q5_K:
      return expand_super_blocks<Fours<true>>;
    case DType::q6_K:
      return expand_super_blocks<Sixes>;
    default:
      return nullptr;
  }
}

Dot find_dot(DType dtype) {
  switch (dtype) {
    case DType::f32:
      return dot_rows<PlainTile, PlainF32>;
    case DType::f16:
      return dot_rows<PlainTile, Half<widen_f16>>;
    case DType::bf16:
      return dot_rows<PlainTile, Half<widen_bf16>>;
    case DType::q8_0:
      return dot_rows<BlockTile, Q8_0>;
    case DType::q4_0:
      return dot_rows<BlockTile, Q4_0>;
    case DType::q4_1:
      return dot_rows<BlockTile, Q4_1>;
    case DType::q5_0:
      return dot_rows<BlockTile, Q5<false>>;
    case DType::q5_1:
      return dot_rows<BlockTile, Q5<true>>;
    case DType::q4_K:
      return dot_super_blocks<Fours<false>>;
    case DType::q5_K:
      return dot_super_blocks<Fours<true>>;
    case DType::q6_K:
      return dot_super_blocks<Sixes>;
    default:
      return nullptr;
  }
}

}  // namespace motet::device::cpu::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace motet::device::cpu::simd {

HWY_EXPORT(find_expand);
HWY_EXPORT(find_dot);

Expand expand_of(tensor::DType dtype) {
  const Expand expand = HWY_DYNAMIC_DISPATCH(find_expand)(dtype);
  assert(expand != nullptr);
  return expand;
}

Dot dot_of(tensor::DType dtype) {
  const Dot dot = HWY_DYNAMIC_DISPATCH(find_dot)(dtype);
  assert(dot != nullptr);
  return dot;
}

}  // namespace motet::device::cpu::simd
#endif
