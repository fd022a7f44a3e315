// Layouts of GGUF's quantised blocks: 32 consecutive elements of a row each, little-endian.
//
// Source: the GGUF specification and the definitions that all its readers share.
#pragma once

#include <cstdint>
#include <span>

#include "tensor/dtype.hpp"

namespace motet::tensor {

inline constexpr int kBlockElements = 32;

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
static_assert(sizeof(BlockQ8_0) == 34 && sizeof(BlockQ4_0) == 18 && sizeof(BlockQ4_1) == 20);

float from_f16(std::uint16_t half);
float from_bf16(std::uint16_t brain);
std::uint16_t to_f16(float value);   // round to nearest, ties to even
std::uint16_t to_bf16(float value);  // round to nearest, ties to even

// Plain floats of any floating or quantised type. `out.size()` elements, a whole number of blocks.
void dequantise(DType dtype, const void* blocks, std::span<float> out);

}  // namespace motet::tensor
