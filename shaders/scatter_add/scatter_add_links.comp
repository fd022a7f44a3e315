#version 450
#extension GL_GOOGLE_include_directive : require
// links[n] for updates n = begin to end - 1: the next update of the same row, `end` where there is none, with the top bit
// where an earlier one is there or the row is outside: so each row's updates are a list that one invocation follows.
#include "motet.glsl"

layout(push_constant) uniform Push { uint begin, end, rows; };
layout(std430, binding = 0) readonly buffer Index { int index[]; };
layout(std430, binding = 1) writeonly buffer Links { uint links[]; };

void main() {
  const uint n = begin + linear_index();
  if (n >= end) return;
  const int row = index[n];
  bool first = uint(row) < rows;  // a negative one is huge
  for (uint m = begin; m < n && first; ++m) first = index[m] != row;
  uint next = n + 1u;
  while (next < end && index[next] != row) ++next;
  links[n - begin] = next | (first ? 0u : 0x80000000u);
}
