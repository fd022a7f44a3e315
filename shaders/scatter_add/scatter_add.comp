#version 450
#extension GL_GOOGLE_include_directive : require
// y[index[n], c] += updates[n, c] for updates n = begin to end - 1, in their order: an invocation adds up a row's list
// (scatter_add_links.comp) for one column. updates f32[N, columns]; y f32[rows, columns].
#include "motet.glsl"

layout(push_constant) uniform Push { uint begin, end, columns; };
layout(std430, binding = 0) readonly buffer Index { int index[]; };
layout(std430, binding = 1) readonly buffer Links { uint links[]; };
layout(std430, binding = 2) readonly buffer Updates { float updates[]; };
layout(std430, binding = 3) buffer Y { float y[]; };

void main() {
  const uint i = linear_index();
  uint n = begin + i / columns;
  if (n >= end || (links[n - begin] & 0x80000000u) != 0u) return;
  const uint column = i % columns;
  const uint to = uint(index[n]) * columns + column;
  float sum = y[to];
  while (n < end) {
    sum += updates[n * columns + column];
    n = links[n - begin] & 0x7FFFFFFFu;
  }
  y[to] = sum;
}
