#version 450
#extension GL_GOOGLE_include_directive : require
// kept[row[b], i] = x[b, i] for the first `piece` elements of a row of kept, which has `capacity`. Any 32-bit type.
#include "motet.glsl"

layout(push_constant) uniform Push { uint n, rows, piece, capacity; };  // n elements of x
layout(std430, binding = 0) readonly buffer X { uint x[]; };
layout(std430, binding = 1) readonly buffer Row { int row[]; };
layout(std430, binding = 2) buffer Kept { uint kept[]; };

void main() {
  const uint i = linear_index();
  if (i >= n) return;
  const uint to = uint(row[i / piece]);  // a negative one is huge
  if (to < rows) kept[to * capacity + i % piece] = x[i];
}
