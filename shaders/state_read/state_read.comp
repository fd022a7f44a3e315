#version 450
#extension GL_GOOGLE_include_directive : require
// y[t, c] = state[row[t], c]; 0 at position 0, where a sequence begins, and where the row is outside.
// state f32[rows, columns]; n elements of y.
#include "motet.glsl"

layout(push_constant) uniform Push { uint n, rows, columns; };
layout(std430, binding = 0) readonly buffer State { float state[]; };
layout(std430, binding = 1) readonly buffer Row { int row[]; };
layout(std430, binding = 2) readonly buffer Position { int position[]; };
layout(std430, binding = 3) writeonly buffer Y { float y[]; };

void main() {
  const uint i = linear_index();
  if (i >= n) return;
  const uint token = i / columns;
  const uint from = uint(row[token]);  // a negative one is huge
  const bool empty = from >= rows || position[token] == 0;
  y[i] = empty ? 0.0 : state[from * columns + i % columns];
}
