#include "tensor/blocks.hpp"

#include <bit>
#include <cassert>
#include <cstring>
#include <type_traits>

namespace motet::tensor {

float from_f16(std::uint16_t half) {
  const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000u) << 16;
  const std::uint32_t exponent = (half >> 10) & 0x1Fu;
  const std::uint32_t mantissa = half & 0x3FFu;
  if (exponent == 0x1F) return std::bit_cast<float>(sign | 0x7F800000u | (mantissa << 13));
  if (exponent != 0) return std::bit_cast<float>(sign | ((exponent + 112) << 23) | (mantissa << 13));
  const float magnitude = static_cast<float>(mantissa) * 0x1p-24f;  // zero or subnormal: exact in f32
  return sign ? -magnitude : magnitude;
}

float from_bf16(std::uint16_t brain) { return std::bit_cast<float>(static_cast<std::uint32_t>(brain) << 16); }

std::uint16_t to_bf16(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  if ((bits & 0x7FFFFFFFu) > 0x7F800000u) return static_cast<std::uint16_t>((bits >> 16) | 0x40u);  // quiet NaN
  return static_cast<std::uint16_t>((bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16);
}

std::uint16_t to_f16(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const auto sign = static_cast<std::uint16_t>((bits >> 16) & 0x8000u);
  const std::uint32_t magnitude = bits & 0x7FFFFFFFu;
  if (magnitude > 0x7F800000u) return static_cast<std::uint16_t>(sign | 0x7E00u);   // NaN
  if (magnitude >= 0x477FF000u) return static_cast<std::uint16_t>(sign | 0x7C00u);  // rounds to infinity
  if (magnitude < 0x38800000u) {
    // Subnormal in f16: adding 0.5 aligns the mantissa so that the hardware's own rounding does the work.
    const float aligned = std::bit_cast<float>(magnitude) + 0.5f;
    return static_cast<std::uint16_t>(sign | (std::bit_cast<std::uint32_t>(aligned) - 0x3F000000u));
  }
  const std::uint32_t odd = (magnitude >> 13) & 1u;
  return static_cast<std::uint16_t>(sign | ((magnitude - 0x38000000u + 0xFFFu + odd) >> 13));
}

namespace {

template <class Block, int kElements = 32, class Expand>
void each_block(const void* blocks, std::span<float> out, Expand expand) {
  assert(out.size() % kElements == 0);
  const auto* bytes = static_cast<const unsigned char*>(blocks);
  for (std::size_t i = 0; i < out.size() / kElements; ++i) {
    Block block;
    std::memcpy(&block, bytes + i * sizeof(Block), sizeof(Block));
    expand(block, out.data() + i * kElements);
  }
}

void expand_q8_0(const BlockQ8_0& block, float* out) {
  const float scale = from_f16(block.scale);
  for (int i = 0; i < 32; ++i) out[i] = scale * static_cast<float>(block.quants[i]);
}

void expand_q4_0(const BlockQ4_0& block, float* out) {
  const float scale = from_f16(block.scale);
  for (int i = 0; i < 16; ++i) {
    out[i] = scale * static_cast<float>((block.quants[i] & 15) - 8);
    out[i + 16] = scale * static_cast<float>((block.quants[i] >> 4) - 8);
  }
}

void expand_q4_1(const BlockQ4_1& block, float* out) {
  const float scale = from_f16(block.scale);
  const float minimum = from_f16(block.minimum);
  for (int i = 0; i < 16; ++i) {
    out[i] = scale * static_cast<float>(block.quants[i] & 15) + minimum;
    out[i + 16] = scale * static_cast<float>(block.quants[i] >> 4) + minimum;
  }
}

template <class Block>
int five_bits(const Block& block, int i) {
  const std::uint32_t high = block.high[0] | static_cast<std::uint32_t>(block.high[1]) << 16;
  const int nibble = i < 16 ? block.quants[i] & 15 : block.quants[i - 16] >> 4;
  return nibble | static_cast<int>((high >> i & 1u) << 4);
}

void expand_q5_0(const BlockQ5_0& block, float* out) {
  const float scale = from_f16(block.scale);
  for (int i = 0; i < 32; ++i) out[i] = scale * static_cast<float>(five_bits(block, i) - 16);
}

void expand_q5_1(const BlockQ5_1& block, float* out) {
  const float scale = from_f16(block.scale);
  const float minimum = from_f16(block.minimum);
  for (int i = 0; i < 32; ++i) out[i] = scale * static_cast<float>(five_bits(block, i)) + minimum;
}

template <class Block>
void expand_parts(const Block& block, float* out) {
  const float scale = from_f16(block.scale);
  const float minimum = from_f16(block.minimum);
  for (int at = 0; at < 256; ++at) {
    const int part = at / 32;
    const int i = at % 32;
    const ScaleAndMinimum own = scale_and_minimum(block.scales, part);
    int quant = block.quants[part / 2 * 32 + i] >> (part % 2 * 4) & 15;
    if constexpr (std::is_same_v<Block, BlockQ5K>) quant |= (block.high[i] >> part & 1) << 4;
    out[at] =
        scale * static_cast<float>(own.scale) * static_cast<float>(quant) - minimum * static_cast<float>(own.minimum);
  }
}

void expand_q6k(const BlockQ6K& block, float* out) {
  const float scale = from_f16(block.scale);
  for (int at = 0; at < 256; ++at) {
    const int half = at / 128;
    const int part = at / 32 % 4;
    const int i = at % 32;
    const int low = block.low[half * 64 + part % 2 * 32 + i] >> (part / 2 * 4) & 15;
    const int high = block.high[half * 32 + i] >> (2 * part) & 3;
    out[at] = scale * static_cast<float>(block.scales[at / 16]) * static_cast<float>((low | high << 4) - 32);
  }
}

template <class Convert>
void each_half(const void* halves, std::span<float> out, Convert convert) {
  const auto* bytes = static_cast<const unsigned char*>(halves);
  for (std::size_t i = 0; i < out.size(); ++i) {
    std::uint16_t half;
    std::memcpy(&half, bytes + 2 * i, 2);
    out[i] = convert(half);
  }
}

}  // namespace

void dequantise(DType dtype, const void* blocks, std::span<float> out) {
  switch (dtype) {
    case DType::f32:
      std::memcpy(out.data(), blocks, out.size_bytes());
      return;
    case DType::f16:
      each_half(blocks, out, from_f16);
      return;
    case DType::bf16:
      each_half(blocks, out, from_bf16);
      return;
    case DType::q8_0:
      each_block<BlockQ8_0>(blocks, out, expand_q8_0);
      return;
    case DType::q4_0:
      each_block<BlockQ4_0>(blocks, out, expand_q4_0);
      return;
    case DType::q4_1:
      each_block<BlockQ4_1>(blocks, out, expand_q4_1);
      return;
    case DType::q5_0:
      each_block<BlockQ5_0>(blocks, out, expand_q5_0);
      return;
    case DType::q5_1:
      each_block<BlockQ5_1>(blocks, out, expand_q5_1);
      return;
    case DType::q4_K:
      each_block<BlockQ4K, 256>(blocks, out, expand_parts<BlockQ4K>);
      return;
    case DType::q5_K:
      each_block<BlockQ5K, 256>(blocks, out, expand_parts<BlockQ5K>);
      return;
    case DType::q6_K:
      each_block<BlockQ6K, 256>(blocks, out, expand_q6k);
      return;
    default:
      assert(false && "not a floating type");
  }
}

}  // namespace motet::tensor
