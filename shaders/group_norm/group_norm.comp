#version 450
#extension GL_GOOGLE_include_directive : require
// y = (x - mean) / sqrt(variance + eps) * weight + bias by group, from the parts that group_norm_sums left, then the
// epilogues. x, y f32[B, T, C]; a workgroup finishes the same part of a group.
#include "motet.glsl"
#include "epilogue.glsl"

layout(constant_id = 2) const bool HAS_WEIGHT = true;
layout(constant_id = 3) const bool HAS_BIAS = true;
layout(push_constant) uniform Push { uint times, channels, groups, positions, parts; float eps; };
layout(std430, binding = 0) readonly buffer X { float x[]; };
layout(std430, binding = 1) readonly buffer Partial { float partial[]; };
layout(std430, binding = 2) readonly buffer Weight { float weight[]; };
layout(std430, binding = 3) readonly buffer Bias { float bias[]; };
layout(std430, binding = 4) writeonly buffer Y { float y[]; };

layout(constant_id = 4) const bool WHOLE = false;  // one group: its elements lie side by side

uint offset_of(uint i, uint width) { return WHOLE ? i : i / width * channels + i % width; }

void main() {
  const uint part = gl_WorkGroupID.x;
  const uint group = gl_WorkGroupID.y;
  // Two sets' deviations join about their common mean (Chan, Golub, LeVeque 1983).
  float count = 0.0, mean = 0.0, squares = 0.0;
  for (uint i = 0; i < parts; ++i) {
    const uint from = 3u * (group * parts + i);
    const float more = partial[from];
    const float delta = partial[from + 1u] - mean;
    const float total = count + more;
    mean += delta * (more / total);
    squares += partial[from + 2u] + delta * delta * (count * more / total);
    count = total;
  }
  const float factor = 1.0 / sqrt(squares / count + eps);

  const uint width = channels / groups;
  const uint first = part * positions;
  const uint elements = (min(times, first + positions) - first) * width;
  const uint channel = group % groups * width;
  const uint origin = (group / groups * times + first) * channels + channel;
  for (uint i = gl_LocalInvocationID.x; i < elements; i += gl_WorkGroupSize.x) {
    const uint at = origin + offset_of(i, width);
    const uint c = channel + i % width;
    float value = (x[at] - mean) * factor;
    if (HAS_WEIGHT) value *= weight[c];
    if (HAS_BIAS) value += bias[c];
    y[at] = apply_epilogue(value, at, c);
  }
}
