#version 450
#extension GL_GOOGLE_include_directive : require
// y = x / max(|x|, eps) over `columns` elements of a row. x, y f32[rows, columns]; a workgroup a row.
#include "motet.glsl"
#include "reduce.glsl"

layout(push_constant) uniform Push { uint rows, columns; float eps; };
layout(std430, binding = 0) readonly buffer X { float x[]; };
layout(std430, binding = 1) writeonly buffer Y { float y[]; };

void main() {
  const uint row = linear_group();
  if (row >= rows) return;
  const uint begin = row * columns;
  // Scaled by the largest element, so that no square over- or underflows.
  float largest = 0.0;
  for (uint i = gl_LocalInvocationID.x; i < columns; i += gl_WorkGroupSize.x) largest = max(largest, abs(x[begin + i]));
  largest = group_max(largest);
  const float scale = largest > 0.0 ? largest : 1.0;
  float squares = 0.0;
  for (uint i = gl_LocalInvocationID.x; i < columns; i += gl_WorkGroupSize.x) {
    const float d = x[begin + i] / scale;
    squares = fma(d, d, squares);
  }
  const float length = max(scale * sqrt(group_sum(squares)), eps);
  for (uint i = gl_LocalInvocationID.x; i < columns; i += gl_WorkGroupSize.x) y[begin + i] = x[begin + i] / length;
}
