// Layouts of GGUF's quantised blocks: 32 or 256 consecutive elements of a row each, little-endian.
//
// Source: the GGUF specification and the definitions that all its readers share.
#pragma once

#include <cstdint>
#include <span>

#include "tensor/dtype.hpp"

namespace motet::tensor {

struct BlockQ8_0 {      // x[i] = scale * quants[i]
  std::uint16_t scale;  // f16
  std::int8_t quants[32];
};
struct BlockQ4_0 {      // x[i] = scale * (low nibble of quants[i] - 8), x[i + 16] = scale * (high nibble - 8), i < 16
  std::uint16_t scale;  // f16
  std::uint8_t quants[16];
};
struct BlockQ4_1 {        // x[i] = scale * low nibble + minimum, x[i + 16] = scale * high nibble + minimum, i < 16
  std::uint16_t scale;    // f16
  std::uint16_t minimum;  // f16
  std::uint8_t quants[16];
};
struct BlockQ5_0 {        // x[i] = scale * (nibble as in q4_0 + 16 * bit i of high - 16)
  std::uint16_t scale;    // f16
  std::uint16_t high[2];  // 32 bits
  std::uint8_t quants[16];
};
struct BlockQ5_1 {        // x[i] = scale * (nibble as in q4_1 + 16 * bit i of high) + minimum
  std::uint16_t scale;    // f16
  std::uint16_t minimum;  // f16
  std::uint16_t high[2];  // 32 bits
  std::uint8_t quants[16];
};

// 256 elements in 8 parts of 32, each with a scale and a minimum of six bits: x = scale * s[part] * q - minimum *
// m[part]. Parts 2 j and 2 j + 1 are the low and the high nibbles of quants[32 j ...].
struct BlockQ4K {
  std::uint16_t scale;    // f16
  std::uint16_t minimum;  // f16
  std::uint8_t scales[12];
  std::uint8_t quants[128];
};
struct BlockQ5K {  // as BlockQ4K, q + 16 * bit `part` of high[i] for element i of the part
  std::uint16_t scale;
  std::uint16_t minimum;
  std::uint8_t scales[12];
  std::uint8_t high[32];
  std::uint8_t quants[128];
};
struct ScaleAndMinimum {
  int scale, minimum;
};
// Those of a part: the first four lie in the low six bits of bytes 0 to 3 and 4 to 7; of the others the low four bits
// are the nibbles of bytes 8 to 11, and the high two bits lie above the first four's.
inline ScaleAndMinimum scale_and_minimum(const std::uint8_t* scales, int part) {
  if (part < 4) return {scales[part] & 63, scales[part + 4] & 63};
  return {(scales[part + 4] & 15) | (scales[part - 4] >> 6 << 4), (scales[part + 4] >> 4) | (scales[part] >> 6 << 4)};
}
// 256 elements in two halves of four parts of 32: x = scale * scales[16 consecutive elements] * (q - 32). Of half h and
// part p, element i has its low four bits in a nibble of low[64 h + 32 (p mod 2) + i], the high one for p >= 2, and two
// more bits at bit 2 p of high[32 h + i].
struct BlockQ6K {
  std::uint8_t low[128];
  std::uint8_t high[64];
  std::int8_t scales[16];
  std::uint16_t scale;  // f16
};
static_assert(sizeof(BlockQ8_0) == 34 && sizeof(BlockQ4_0) == 18 && sizeof(BlockQ4_1) == 20);
static_assert(sizeof(BlockQ5_0) == 22 && sizeof(BlockQ5_1) == 24);
static_assert(sizeof(BlockQ4K) == 144 && sizeof(BlockQ5K) == 176 && sizeof(BlockQ6K) == 210);

float from_f16(std::uint16_t half);
float from_bf16(std::uint16_t brain);
std::uint16_t to_f16(float value);   // round to nearest, ties to even
std::uint16_t to_bf16(float value);  // round to nearest, ties to even

// Plain floats of any floating or quantised type. `out.size()` elements, a whole number of blocks.
void dequantise(DType dtype, const void* blocks, std::span<float> out);

}  // namespace motet::tensor
