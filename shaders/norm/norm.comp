#version 450
#extension GL_GOOGLE_include_directive : require
// y = (x - mean) / sqrt(variance + eps) * weight + bias over `columns` elements of a row; CENTRED false: without the mean
// (rms_norm). Then the epilogues. x, y f32[rows, columns]; a workgroup a row.
#include "motet.glsl"
#include "reduce.glsl"
#include "epilogue.glsl"

layout(constant_id = 1) const bool CENTRED = true;
layout(constant_id = 2) const bool HAS_WEIGHT = true;
layout(constant_id = 3) const bool HAS_BIAS = true;
layout(push_constant) uniform Push { uint rows, columns; float eps; };
layout(std430, binding = 0) readonly buffer X { float x[]; };
layout(std430, binding = 1) readonly buffer Weight { float weight[]; };
layout(std430, binding = 2) readonly buffer Bias { float bias[]; };
layout(std430, binding = 3) writeonly buffer Y { float y[]; };

void main() {
  const uint row = linear_group();
  if (row >= rows) return;
  const uint lane = gl_LocalInvocationID.x;
  const uint begin = row * columns;
  float mean = 0.0;
  if (CENTRED) {
    float sum = 0.0;
    for (uint i = lane; i < columns; i += gl_WorkGroupSize.x) sum += x[begin + i];
    mean = group_sum(sum) / float(columns);
  }
  float squares = 0.0;
  for (uint i = lane; i < columns; i += gl_WorkGroupSize.x) {
    const float d = x[begin + i] - mean;
    squares = fma(d, d, squares);
  }
  const float factor = 1.0 / sqrt(group_sum(squares) / float(columns) + eps);
  for (uint i = lane; i < columns; i += gl_WorkGroupSize.x) {
    float value = (x[begin + i] - mean) * factor;
    if (HAS_WEIGHT) value *= weight[i];
    if (HAS_BIAS) value += bias[i];
    y[begin + i] = apply_epilogue(value, begin + i, i);
  }
}
