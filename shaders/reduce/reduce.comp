#version 450
#extension GL_GOOGLE_include_directive : require
// y = FN (sum, mean, max, min) over the middle one of [outer, n, inner]; with `length` only its first elements count.
// ACROSS: a workgroup an output, else an invocation. x f32; length i32[outer / (outer / B)], B rows in all.
#include "motet.glsl"
#include "reduce.glsl"
#include "math.glsl"

layout(constant_id = 1) const uint FN = 0;
layout(constant_id = 2) const bool ACROSS = false;
layout(constant_id = 3) const bool HAS_LENGTH = false;
layout(push_constant) uniform Push { uint outer, n, inner; };
layout(std430, binding = 0) readonly buffer X { float x[]; };
layout(std430, binding = 1) readonly buffer Length { int length[]; };
layout(std430, binding = 2) writeonly buffer Y { float y[]; };

float start() { return FN == 2u ? -kInfinity : FN == 3u ? kInfinity : 0.0; }
float joined(float p, float q) { return FN == 2u ? max(p, q) : FN == 3u ? min(p, q) : p + q; }

void main() {
  const uint output_index = ACROSS ? linear_group() : linear_index();
  if (output_index >= outer * inner) return;
  const uint o = output_index / inner;
  const uint count = HAS_LENGTH ? uint(clamp(length[o], 0, int(n))) : n;
  const uint base = o * n * inner + output_index % inner;
  float result = start();
  if (ACROSS) {
    for (uint i = gl_LocalInvocationID.x; i < count; i += gl_WorkGroupSize.x) result = joined(result, x[base + i * inner]);
    result = FN == 2u ? group_max(result) : FN == 3u ? -group_max(-result) : group_sum(result);
  } else {
    for (uint i = 0; i < count; ++i) result = joined(result, x[base + i * inner]);
  }
  if (FN == 1u) result = count == 0u ? 0.0 : result / float(count);
  if (!ACROSS || gl_LocalInvocationID.x == 0u) y[output_index] = result;
}
