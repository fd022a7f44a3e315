#version 450
#extension GL_GOOGLE_include_directive : require
// The k largest elements of a row, largest first, lower index first among equals (argmax: k = 1 without the values).
// x f32[rows, columns]; values f32[rows, k]; indices i32[rows, k]; a workgroup a row. NaN counts as -inf.
#include "motet.glsl"
#include "math.glsl"

layout(constant_id = 1) const bool WANTS_VALUES = true;
layout(push_constant) uniform Push { uint rows, columns, k; };
layout(std430, binding = 0) readonly buffer X { float x[]; };
layout(std430, binding = 1) writeonly buffer Indices { int indices[]; };
layout(std430, binding = 2) writeonly buffer Values { float values[]; };

shared float best_values[gl_WorkGroupSize.x];
shared uint best_indices[gl_WorkGroupSize.x];

const uint kNone = 0xFFFFFFFFu;

// Is (v, i) before (w, j) in the result? kNone comes last.
bool before(float v, uint i, float w, uint j) { return v > w || (v == w && i < j); }

float element(uint at) { return isnan(x[at]) ? -kInfinity : x[at]; }

void main() {
  const uint row = linear_group();
  if (row >= rows) return;
  const uint lane = gl_LocalInvocationID.x;
  float last_value = kInfinity;
  uint last_index = kNone;
  for (uint pass = 0; pass < k; ++pass) {
    float value = -kInfinity;
    uint index = kNone;
    for (uint i = lane; i < columns; i += gl_WorkGroupSize.x) {
      const float v = element(row * columns + i);
      const bool left = pass == 0u || before(last_value, last_index, v, i);
      if (left && before(v, i, value, index)) {
        value = v;
        index = i;
      }
    }
    best_values[lane] = value;
    best_indices[lane] = index;
    barrier();
    for (uint half_size = gl_WorkGroupSize.x / 2; half_size > 0; half_size /= 2) {
      if (lane < half_size && before(best_values[lane + half_size], best_indices[lane + half_size], best_values[lane], best_indices[lane])) {
        best_values[lane] = best_values[lane + half_size];
        best_indices[lane] = best_indices[lane + half_size];
      }
      barrier();
    }
    last_value = best_values[0];
    last_index = best_indices[0];
    barrier();
    if (lane == 0u) {
      indices[row * k + pass] = int(last_index);
      if (WANTS_VALUES) values[row * k + pass] = x[row * columns + last_index];
    }
  }
}
