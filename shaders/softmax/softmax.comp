#version 450
#extension GL_GOOGLE_include_directive : require
// y = exp(x - max) / sum exp(x - max) over `columns` elements of a row. x, y f32[rows, columns]; a workgroup a row.
#include "motet.glsl"
#include "reduce.glsl"
#include "math.glsl"

layout(push_constant) uniform Push { uint rows, columns; };
layout(std430, binding = 0) readonly buffer X { float x[]; };
layout(std430, binding = 1) writeonly buffer Y { float y[]; };

void main() {
  const uint row = linear_group();
  if (row >= rows) return;
  const uint begin = row * columns;
  float largest = -kInfinity;
  for (uint i = gl_LocalInvocationID.x; i < columns; i += gl_WorkGroupSize.x) largest = max(largest, x[begin + i]);
  largest = group_max(largest);
  float sum = 0.0;
  for (uint i = gl_LocalInvocationID.x; i < columns; i += gl_WorkGroupSize.x) sum += exp_exact(x[begin + i] - largest);
  sum = group_sum(sum);
  for (uint i = gl_LocalInvocationID.x; i < columns; i += gl_WorkGroupSize.x) {
    y[begin + i] = exp_exact(x[begin + i] - largest) / sum;
  }
}
