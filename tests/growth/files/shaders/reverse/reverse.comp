#version 450
#extension GL_GOOGLE_include_directive : require
// y[..., i] = x[..., columns - 1 - i]; x and y f32, n elements.
#include "motet.glsl"

layout(push_constant) uniform Push { uint n, columns; };
layout(std430, binding = 0) readonly buffer X { float x[]; };
layout(std430, binding = 1) writeonly buffer Y { float y[]; };

void main() {
  const uint i = linear_index();
  if (i >= n) return;
  const uint column = i % columns;
  y[i] = x[i - column + (columns - 1 - column)];
}
