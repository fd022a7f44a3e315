#version 450
#extension GL_GOOGLE_include_directive : require
// Mean and squared deviations of one part of a group, for group_norm. x f32[B, T, C]; a workgroup sees `positions` of the
// T positions with the C / groups channels of one group; partial [B groups, parts] of (count, mean, squared deviations).
#include "motet.glsl"
#include "reduce.glsl"

layout(push_constant) uniform Push { uint times, channels, groups, positions, parts; };
layout(std430, binding = 0) readonly buffer X { float x[]; };
layout(std430, binding = 1) writeonly buffer Partial { float partial[]; };

layout(constant_id = 4) const bool WHOLE = false;  // one group: its elements lie side by side

uint offset_of(uint i, uint width) { return WHOLE ? i : i / width * channels + i % width; }

void main() {
  const uint part = gl_WorkGroupID.x;
  const uint group = gl_WorkGroupID.y;  // b * groups + g
  const uint width = channels / groups;
  const uint first = part * positions;
  const uint count = (min(times, first + positions) - first) * width;
  const uint origin = (group / groups * times + first) * channels + group % groups * width;
  float sum = 0.0;
  for (uint i = gl_LocalInvocationID.x; i < count; i += gl_WorkGroupSize.x) sum += x[origin + offset_of(i, width)];
  const float mean = group_sum(sum) / float(count);
  float squares = 0.0;
  for (uint i = gl_LocalInvocationID.x; i < count; i += gl_WorkGroupSize.x) {
    const float d = x[origin + offset_of(i, width)] - mean;
    squares = fma(d, d, squares);
  }
  squares = group_sum(squares);
  if (gl_LocalInvocationID.x == 0u) {
    const uint to = 3u * (group * parts + part);
    partial[to] = float(count);
    partial[to + 1u] = mean;
    partial[to + 2u] = squares;
  }
}
