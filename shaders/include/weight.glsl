// One element of a tensor of any floating or quantised type, read as 32-bit words. Define WEIGHT_<type>.
// Blocks of 32 elements (tensor/blocks.hpp) are 34 bytes for q8_0, 18 for q4_0, 20 for q4_1.
#ifndef WEIGHT_GLSL
#define WEIGHT_GLSL

#ifndef WEIGHT_BINDING
#define WEIGHT_BINDING 0
#endif
layout(std430, binding = WEIGHT_BINDING) readonly buffer Weight { uint weight[]; };

#if defined(WEIGHT_q8_0)
const uint kBlockBytes = 34;
#elif defined(WEIGHT_q4_0)
const uint kBlockBytes = 18;
#elif defined(WEIGHT_q4_1)
const uint kBlockBytes = 20;
#endif

uint weight_half(uint byte) { return weight[byte >> 2] >> ((byte & 2u) << 3) & 0xFFFFu; }  // of an even byte
uint weight_byte(uint byte) { return weight[byte >> 2] >> ((byte & 3u) << 3) & 0xFFu; }
float scale_at(uint byte) { return unpackHalf2x16(weight_half(byte)).x; }

// bf16 and f16 without help of the driver, which may flush what is small.
float from_half(uint bits) {
  const uint exponent = bits >> 10 & 0x1Fu;
  const uint mantissa = bits & 0x3FFu;
  const float magnitude = exponent == 0u    ? float(mantissa) * 5.96046448e-8
                          : exponent == 31u ? uintBitsToFloat(0x7F800000u | mantissa << 13)
                                            : uintBitsToFloat((exponent + 112u) << 23 | mantissa << 13);
  return (bits & 0x8000u) == 0u ? magnitude : -magnitude;
}

float weight_at(uint element) {
#if defined(WEIGHT_f32)
  return uintBitsToFloat(weight[element]);
#elif defined(WEIGHT_f16)
  return from_half(weight_half(2u * element));
#elif defined(WEIGHT_bf16)
  return uintBitsToFloat(weight_half(2u * element) << 16);
#else
  const uint block = element / 32u * kBlockBytes;
  const uint within = element % 32u;
  const float scale = from_half(weight_half(block));
#if defined(WEIGHT_q8_0)
  return scale * float(int(weight_byte(block + 2u + within) << 24) >> 24);
#elif defined(WEIGHT_q4_0)
  const uint nibble = weight_byte(block + 2u + within % 16u) >> (within < 16u ? 0 : 4) & 15u;
  return scale * (float(nibble) - 8.0);
#else
  const uint nibble = weight_byte(block + 4u + within % 16u) >> (within < 16u ? 0 : 4) & 15u;
  return fma(scale, float(nibble), from_half(weight_half(block + 2u)));
#endif
#endif
}

// The 32 bits that begin at an even byte.
uint weight_word(uint byte) {
  const uint low = weight[byte >> 2];
  return (byte & 2u) == 0u ? low : low >> 16 | weight[(byte >> 2) + 1u] << 16;
}

vec4 bytes_of(uint word) { return vec4(word & 0xFFu, word >> 8 & 0xFFu, word >> 16 & 0xFFu, word >> 24); }

// Four elements from one that is a multiple of 4.
vec4 weight_quad(uint element) {
#if defined(WEIGHT_f32)
  return uintBitsToFloat(uvec4(weight[element], weight[element + 1u], weight[element + 2u], weight[element + 3u]));
#elif defined(WEIGHT_f16)
  const uint p = weight[element >> 1];
  const uint q = weight[(element >> 1) + 1u];
  return vec4(from_half(p & 0xFFFFu), from_half(p >> 16), from_half(q & 0xFFFFu), from_half(q >> 16));
#elif defined(WEIGHT_bf16)
  const uint p = weight[element >> 1];
  const uint q = weight[(element >> 1) + 1u];
  return uintBitsToFloat(uvec4(p << 16, p & 0xFFFF0000u, q << 16, q & 0xFFFF0000u));
#else
  const uint block = element / 32u * kBlockBytes;
  const uint within = element % 32u;
  const float scale = from_half(weight_half(block));
#if defined(WEIGHT_q8_0)
  const ivec4 word = ivec4(weight_word(block + 2u + within));
  return scale * vec4(word << ivec4(24, 16, 8, 0) >> 24);
#elif defined(WEIGHT_q4_0)
  const uint word = weight_word(block + 2u + within % 16u) >> (within < 16u ? 0 : 4) & 0x0F0F0F0Fu;
  return scale * (bytes_of(word) - 8.0);
#else
  const uint word = weight_word(block + 4u + within % 16u) >> (within < 16u ? 0 : 4) & 0x0F0F0F0Fu;
  return fma(vec4(scale), bytes_of(word), vec4(from_half(weight_half(block + 2u))));
#endif
#endif
}

#endif
