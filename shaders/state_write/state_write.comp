#version 450
#extension GL_GOOGLE_include_directive : require
// state[row[t], c] = x[t, c]; a row outside writes nothing. state f32[rows, columns]; n elements of x.
#include "motet.glsl"

layout(push_constant) uniform Push { uint n, rows, columns; };
layout(std430, binding = 0) buffer State { float state[]; };
layout(std430, binding = 1) readonly buffer X { float x[]; };
layout(std430, binding = 2) readonly buffer Row { int row[]; };

void main() {
  const uint i = linear_index();
  if (i >= n) return;
  const uint to = uint(row[i / columns]);  // a negative one is huge
  if (to < rows) state[to * columns + i % columns] = x[i];
}
