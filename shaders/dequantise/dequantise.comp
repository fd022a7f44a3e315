#version 450
#extension GL_GOOGLE_include_directive : require
// y[i] = weight[i] as plain f32; WEIGHT is its type. n elements.
#include "motet.glsl"
#include "weight.glsl"

layout(push_constant) uniform Push { uint n; };
layout(std430, binding = 1) writeonly buffer Y { float y[]; };

void main() {
  const uint i = linear_index();
  if (i < n) y[i] = weight_at(i);
}
