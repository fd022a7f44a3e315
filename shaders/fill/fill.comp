#version 450
#extension GL_GOOGLE_include_directive : require
// y[i] = value, or i % columns where COUNTS (iota). Any 32-bit type; n elements.
#include "motet.glsl"

layout(constant_id = 1) const bool COUNTS = false;
layout(push_constant) uniform Push { uint n, value, columns; };
layout(std430, binding = 0) writeonly buffer Y { uint y[]; };

void main() {
  const uint i = linear_index();
  if (i < n) y[i] = COUNTS ? i % columns : value;
}
