#version 450
#extension GL_GOOGLE_include_directive : require
// past[0, row[n], h, position[n], :] = key[n, h, :], past[1, ...] = value[n, h, :]. past f32[2, rows, key_heads, keys, size];
// a row or position out of range writes nothing. RING: position p lies at p mod keys.
#include "motet.glsl"

layout(constant_id = 5) const bool RING = false;
layout(push_constant) uniform Push { uint n, rows, key_heads, keys, size; };  // n elements of key
layout(std430, binding = 0) readonly buffer Key { float key[]; };
layout(std430, binding = 1) readonly buffer Value { float value[]; };
layout(std430, binding = 2) readonly buffer Row { int row[]; };
layout(std430, binding = 3) readonly buffer Position { int position[]; };
layout(std430, binding = 4) buffer Past { float past[]; };

void main() {
  const uint i = linear_index();
  if (i >= n) return;
  const uint token = i / (key_heads * size);
  const uint head = i / size % key_heads;
  const uint r = uint(row[token]);
  uint s = uint(position[token]);
  if (RING && position[token] >= 0) s %= keys;
  if (r >= rows || s >= keys) return;
  const uint to = ((r * key_heads + head) * keys + s) * size + i % size;
  past[to] = key[i];
  past[to + rows * key_heads * keys * size] = value[i];
}
