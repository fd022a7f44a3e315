#version 450
#extension GL_GOOGLE_include_directive : require
// y = condition ? a : b with broadcasting; condition i32; a, b, y any 32-bit type, n elements.
#include "motet.glsl"
#include "broadcast.glsl"

layout(push_constant) uniform Push { uint n, condition_mask, a_mask, b_mask, sizes[8]; };
layout(std430, binding = 0) readonly buffer Condition { int condition[]; };
layout(std430, binding = 1) readonly buffer A { uint a[]; };
layout(std430, binding = 2) readonly buffer B { uint b[]; };
layout(std430, binding = 3) writeonly buffer Y { uint y[]; };

void main() {
  const uint i = linear_index();
  if (i >= n) return;
  uint at, from;
  BROADCAST_OFFSET(i, sizes, condition_mask, at);
  if (condition[at] != 0) {
    BROADCAST_OFFSET(i, sizes, a_mask, from);
    y[i] = a[from];
  } else {
    BROADCAST_OFFSET(i, sizes, b_mask, from);
    y[i] = b[from];
  }
}
