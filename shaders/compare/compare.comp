#version 450
#extension GL_GOOGLE_include_directive : require
// y = a FN b ? 1 : 0 with broadcasting. T is float or int; y i32 of n elements.
#include "motet.glsl"
#include "broadcast.glsl"

layout(constant_id = 1) const uint FN = 0;
layout(push_constant) uniform Push { uint n, a_mask, b_mask, sizes[8]; };
layout(std430, binding = 0) readonly buffer A { T a[]; };
layout(std430, binding = 1) readonly buffer B { T b[]; };
layout(std430, binding = 2) writeonly buffer Y { int y[]; };

bool holds(T p, T q) {
  switch (FN) {
    case 0: return p < q;
    case 1: return p <= q;
    case 2: return p > q;
    case 3: return p >= q;
    case 4: return p == q;
    case 5: return p != q;
  }
  return false;
}

void main() {
  const uint i = linear_index();
  if (i >= n) return;
  uint at_a, at_b;
  BROADCAST_OFFSET(i, sizes, a_mask, at_a);
  BROADCAST_OFFSET(i, sizes, b_mask, at_b);
  y[i] = holds(a[at_a], b[at_b]) ? 1 : 0;
}
