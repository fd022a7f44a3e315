// GGUF's blocks of 256 elements (tensor/blocks.hpp) as vectors: expanded to floats in pieces of a row, and multiplied
// from there. Included once for each target.
#if defined(MOTET_CPU_SIMD_SUPER_BLOCKS) == defined(HWY_TARGET_TOGGLE)
#ifdef MOTET_CPU_SIMD_SUPER_BLOCKS
#undef MOTET_CPU_SIMD_SUPER_BLOCKS
#else
#define MOTET_CPU_SIMD_SUPER_BLOCKS
#endif

#include <hwy/highway.h>

#include <cstddef>
#include <cstring>

#include "device/cpu/simd/blocks.hpp"
#include "device/cpu/simd/partial-inl.hpp"
#include "tensor/blocks.hpp"

HWY_BEFORE_NAMESPACE();
namespace motet::device::cpu::simd::HWY_NAMESPACE {
namespace {

HWY_INLINE hn::Vec<hn::Rebind<std::int32_t, F32>> widened(const std::uint8_t* bytes) {
  const hn::Rebind<std::uint8_t, F32> d8;
  const hn::Rebind<std::int32_t, F32> d32;
  return hn::PromoteTo(d32, hn::LoadU(d8, bytes));
}

// Scales and negated minima of the eight parts of a q4_K or q5_K block, as floats. They are packed as
// tensor::scale_and_minimum says; here four at a time.
struct Parts {
  float factor[8], shift[8];
  HWY_INLINE explicit Parts(const std::byte* block) {
    std::uint16_t halves[2];
    std::uint32_t w[3];
    std::memcpy(halves, block, sizeof halves);
    std::memcpy(w, block + 4, sizeof w);
    const std::uint32_t scales[2] = {w[0] & 0x3F3F3F3Fu, (w[2] & 0x0F0F0F0Fu) | (w[0] >> 6 & 0x03030303u) << 4};
    const std::uint32_t minima[2] = {w[1] & 0x3F3F3F3Fu, (w[2] >> 4 & 0x0F0F0F0Fu) | (w[1] >> 6 & 0x03030303u) << 4};
    const float scale = tensor::from_f16(halves[0]), minimum = -tensor::from_f16(halves[1]);
    for (int part = 0; part < 8; ++part) {
      const int byte = part % 4 * 8;
      factor[part] = scale * static_cast<float>(scales[part / 4] >> byte & 0xFFu);
      shift[part] = minimum * static_cast<float>(minima[part / 4] >> byte & 0xFFu);
    }
  }
};

// Each format hands its 256 elements to take(place, vector), a vector at a time.

template <bool kFive>
struct Fours {  // q4_K and, with a fifth bit, q5_K
  static constexpr std::size_t kBytes = kFive ? sizeof(tensor::BlockQ5K) : sizeof(tensor::BlockQ4K);
  template <class Take>
  static HWY_INLINE void each(const std::byte* block, const Take& take) {
    const F32 d;
    const hn::Rebind<std::int32_t, F32> d32;
    const std::size_t lanes = hn::Lanes(d);
    const Parts parts(block);
    const auto* high = reinterpret_cast<const std::uint8_t*>(block + offsetof(tensor::BlockQ5K, high));
    const auto* quants = reinterpret_cast<const std::uint8_t*>(block + kBytes - 128);
    for (int part = 0; part < 8; part += 2, quants += 32) {
      const V32 factor[2] = {hn::Set(d, parts.factor[part]), hn::Set(d, parts.factor[part + 1])};
      const V32 shift[2] = {hn::Set(d, parts.shift[part]), hn::Set(d, parts.shift[part + 1])};
      MOTET_CPU_UNROLL
      for (std::size_t i = 0; i < 32; i += lanes) {
        const auto both = widened(quants + i);
        auto first = hn::And(both, hn::Set(d32, 15));
        auto second = hn::ShiftRight<4>(both);
        if constexpr (kFive) {
          const auto bits = hn::ShiftRightSame(widened(high + i), part);
          first = hn::Or(first, hn::ShiftLeft<4>(hn::And(bits, hn::Set(d32, 1))));
          second = hn::Or(second, hn::ShiftLeft<3>(hn::And(bits, hn::Set(d32, 2))));
        }
        const std::size_t at = static_cast<std::size_t>(part) * 32 + i;
        take(at, hn::MulAdd(hn::ConvertTo(d, first), factor[0], shift[0]));
        take(at + 32, hn::MulAdd(hn::ConvertTo(d, second), factor[1], shift[1]));
      }
    }
  }
};

struct Sixes {  // q6_K
  static constexpr std::size_t kBytes = sizeof(tensor::BlockQ6K);
  template <class Take>
  static HWY_INLINE void each(const std::byte* block, const Take& take) {
    const F32 d;
    const hn::Rebind<std::int32_t, F32> d32;
    const std::size_t lanes = hn::Lanes(d);
    const auto* low = reinterpret_cast<const std::uint8_t*>(block);
    const auto* high = low + offsetof(tensor::BlockQ6K, high);
    const auto* scales = reinterpret_cast<const std::int8_t*>(low + offsetof(tensor::BlockQ6K, scales));
    std::uint16_t half;
    std::memcpy(&half, low + offsetof(tensor::BlockQ6K, scale), sizeof half);
    const float scale = tensor::from_f16(half);
    const auto give = [&](std::size_t at, hn::Vec<decltype(d32)> four, hn::Vec<decltype(d32)> two) HWY_ATTR {
      const auto six = hn::Or(hn::And(four, hn::Set(d32, 15)), hn::ShiftLeft<4>(hn::And(two, hn::Set(d32, 3))));
      const V32 value = hn::ConvertTo(d, hn::Sub(six, hn::Set(d32, 32)));
      take(at, hn::Mul(value, hn::Set(d, scale * static_cast<float>(scales[at / 16]))));
    };
    for (std::size_t at = 0; at < 256; at += 128, low += 64, high += 32) {
      MOTET_CPU_UNROLL
      for (std::size_t i = 0; i < 32; i += lanes) {
        const auto first = widened(low + i), second = widened(low + 32 + i), bits = widened(high + i);
        give(at + i, first, bits);
        give(at + 32 + i, second, hn::ShiftRight<2>(bits));
        give(at + 64 + i, hn::ShiftRight<4>(first), hn::ShiftRight<4>(bits));
        give(at + 96 + i, hn::ShiftRight<4>(second), hn::ShiftRight<6>(bits));
      }
    }
  }
};

template <class Format>
void expand_super_blocks(const std::byte* blocks, float* out, std::size_t elements) {
  const F32 d;
  for (std::size_t i = 0; i < elements / 256; ++i, blocks += Format::kBytes, out += 256)
    Format::each(blocks, [&](std::size_t at, V32 v) HWY_ATTR { hn::StoreU(v, d, out + at); });
}

// A weight row against kM rows of x: each vector of it is made once. Two sums each, by turns, so that no addition waits
// for the one before.
template <class Format, std::size_t kM>
HWY_INLINE void dot_super_row(const DotRows& w, std::size_t row, std::size_t m) {
  const F32 d;
  V32 sums[kM][2];
  for (std::size_t j = 0; j < kM; ++j) sums[j][0] = sums[j][1] = hn::Zero(d);
  const float* x = w.x + m * w.ldx;
  const std::byte* block = w.weight + row * w.row_bytes;
  for (std::size_t k = 0; k < w.k; k += 256, block += Format::kBytes) {
    Format::each(block, [&](std::size_t at, V32 v) HWY_ATTR {
      MOTET_CPU_UNROLL
      for (std::size_t j = 0; j < kM; ++j) {
        V32& sum = sums[j][at / 32 % 2];
        sum = hn::MulAdd(v, hn::LoadU(d, x + j * w.ldx + k + at), sum);
      }
    });
  }
  for (std::size_t j = 0; j < kM; ++j)
    w.y[(m + j) * w.ldy + row] = hn::GetLane(hn::SumOfLanes(d, hn::Add(sums[j][0], sums[j][1])));
}

template <class Format>
void dot_super_blocks(const DotRows& w) {
  for (std::size_t row = 0; row < w.rows; ++row) {
    std::size_t m = 0;
    for (; m + 4 <= w.m_count; m += 4) dot_super_row<Format, 4>(w, row, m);
    for (; m < w.m_count; ++m) dot_super_row<Format, 1>(w, row, m);
  }
}

}  // namespace
}  // namespace motet::device::cpu::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
