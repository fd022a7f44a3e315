// One element of a tensor of any floating or quantised type, read as 32-bit words. Define WEIGHT_<type>.
// Blocks (tensor/blocks.hpp) are of 32 elements, those of q4_K, q5_K and q6_K of 256.
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
#elif defined(WEIGHT_q5_0)
const uint kBlockBytes = 22;
#elif defined(WEIGHT_q5_1)
const uint kBlockBytes = 24;
#elif defined(WEIGHT_q4_K)
#define WEIGHT_PARTS 16  // where the nibbles begin
const uint kBlockBytes = 144;
#elif defined(WEIGHT_q5_K)
#define WEIGHT_PARTS 48
const uint kBlockBytes = 176;
#elif defined(WEIGHT_q6_K)
const uint kBlockBytes = 210;
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

#if defined(WEIGHT_q5_0) || defined(WEIGHT_q5_1) || defined(WEIGHT_PARTS) || defined(WEIGHT_q6_K)
vec4 weight_quad(uint element);
float weight_at(uint element) { return weight_quad(element & ~3u)[element & 3u]; }
#else
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
#endif

// The 32 bits that begin at an even byte.
uint weight_word(uint byte) {
  const uint low = weight[byte >> 2];
  return (byte & 2u) == 0u ? low : low >> 16 | weight[(byte >> 2) + 1u] << 16;
}

vec4 bytes_of(uint word) { return vec4(word & 0xFFu, word >> 8 & 0xFFu, word >> 16 & 0xFFu, word >> 24); }

#ifdef WEIGHT_PARTS
// Scale and minimum of a part of 32, six bits each, in the 12 bytes from byte 4 of a block.
vec2 scale_and_minimum(uint block, uint part) {
  const uint at = block + 4u + (part & 3u);
  const uint scale = weight_byte(at), minimum = weight_byte(at + 4u), rest = weight_byte(at + 8u);
  return part < 4u ? vec2(scale & 63u, minimum & 63u)
                   : vec2(rest & 15u | scale >> 6 << 4, rest >> 4 | minimum >> 6 << 4);
}
#endif

// Four elements from one that is a multiple of 4.
vec4 weight_quad(uint element) {
#if defined(WEIGHT_f32)
  return uintBitsToFloat(uvec4(weight[element], weight[element + 1u], weight[element + 2u], weight[element + 3u]));
#elif defined(WEIGHT_f16)
  const uint p = weight[element >> 1];
  const uint q = weight[(element >> 1) + 1u];
  return vec4(from_half(p & 0xFFFFu), from_half(p >> 16), from_half(q & 0xFFFFu), from_half(q >> 16));
#elif defined(WEIGHT_PARTS)
  const uint block = element / 256u * kBlockBytes;
  const uint part = element / 32u % 8u;
  const uint i = element % 32u;
  const vec2 own = scale_and_minimum(block, part);
  uint word = weight_word(block + WEIGHT_PARTS + part / 2u * 32u + i) >> (part % 2u * 4u) & 0x0F0F0F0Fu;
#ifdef WEIGHT_q5_K
  word |= (weight_word(block + 16u + i) >> part & 0x01010101u) << 4;
#endif
  const float scale = from_half(weight_half(block)) * own.x;
  return fma(vec4(scale), bytes_of(word), vec4(-from_half(weight_half(block + 2u)) * own.y));
#elif defined(WEIGHT_q6_K)
  const uint block = element / 256u * kBlockBytes;
  const uint half_block = element / 128u % 2u;
  const uint part = element / 32u % 4u;
  const uint i = element % 32u;
  const uint low = weight_word(block + half_block * 64u + part % 2u * 32u + i) >> (part / 2u * 4u) & 0x0F0F0F0Fu;
  const uint high = weight_word(block + 128u + half_block * 32u + i) >> (2u * part) & 0x03030303u;
  const int own = int(weight_byte(block + 192u + element / 16u % 16u) << 24) >> 24;
  return from_half(weight_half(block + 208u)) * float(own) * (bytes_of(low | high << 4) - 32.0);
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
#elif defined(WEIGHT_q5_0) || defined(WEIGHT_q5_1)
  const uint word = weight_word(block + kBlockBytes - 16u + within % 16u) >> (within < 16u ? 0 : 4) & 0x0F0F0F0Fu;
  const uint bits = weight_word(block + kBlockBytes - 20u) >> within;
  const uint fifth = (bits & 1u) << 4 | (bits & 2u) << 11 | (bits & 4u) << 18 | (bits & 8u) << 25;
#ifdef WEIGHT_q5_0
  return scale * (bytes_of(word | fifth) - 16.0);
#else
  return fma(vec4(scale), bytes_of(word | fifth), vec4(from_half(weight_half(block + 2u))));
#endif
#else
  const uint word = weight_word(block + 4u + within % 16u) >> (within < 16u ? 0 : 4) & 0x0F0F0F0Fu;
  return fma(vec4(scale), bytes_of(word), vec4(from_half(weight_half(block + 2u))));
#endif
#endif
}

#endif
