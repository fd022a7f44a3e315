#version 450
#extension GL_GOOGLE_include_directive : require
// Rotates pairs of the first 2 * pairs components of each head by position * frequency. x, y f32[tokens, heads, size];
// position i32[tokens], or the index along the `times` tokens of a sequence (HAS_POSITION false).
// turns: for each pair its frequency in turns of a circle a position, a 64-bit fraction (high, low): the angle's whole
// turns vanish by overflow, so that it is exact for every position.
#include "motet.glsl"
#include "math.glsl"

layout(constant_id = 1) const bool INTERLEAVED = false;
layout(constant_id = 2) const bool HAS_POSITION = true;
layout(push_constant) uniform Push { uint n, heads, size, pairs, times; };  // n pairs of components, size / 2 rounded up a head
layout(std430, binding = 0) readonly buffer X { float x[]; };
layout(std430, binding = 1) readonly buffer Position { int position[]; };
layout(std430, binding = 2) readonly buffer Turns { uint turns[]; };
layout(std430, binding = 3) writeonly buffer Y { float y[]; };

// (cosine, sine) of `count` turns of (high, low) / 2^64 each.
vec2 cos_sin_of_turns(uint count, uint high, uint low) {
  uint carried, ignored;
  umulExtended(count, low, carried, ignored);
  if (int(count) < 0) carried -= low;  // count is 2^32 too large
  const uint fraction = count * high + carried;  // of a turn, in 2^-32
  const uint quadrant = (fraction + 0x20000000u) >> 30;
  const int rest = int(fraction - (quadrant << 30));
  return turned(float(rest) * 1.46291808e-9, int(quadrant));  // 2 pi / 2^32
}

void main() {
  const uint i = linear_index();
  if (i >= n) return;
  const uint half_size = (size + 1u) / 2u;
  const uint pair = i % half_size;
  const uint head = i / half_size;  // token * heads + h
  const uint base = head * size;
  if (pair >= pairs) {
    // Beyond the rotated ones: two neighbours, as they are.
    const uint at = 2u * pair;
    y[base + at] = x[base + at];
    if (at + 1u < size) y[base + at + 1u] = x[base + at + 1u];
    return;
  }
  const uint token = head / heads;
  const uint count = HAS_POSITION ? uint(position[token]) : token % times;
  const vec2 turn = cos_sin_of_turns(count, turns[2u * pair], turns[2u * pair + 1u]);
  const uint first = base + (INTERLEAVED ? 2u * pair : pair);
  const uint second = INTERLEAVED ? first + 1u : first + pairs;
  const float p = x[first];
  const float q = x[second];
  y[first] = p * turn.x - q * turn.y;
  y[second] = p * turn.y + q * turn.x;
}
