#version 450
#extension GL_GOOGLE_include_directive : require
// f32 to i32 toward zero, saturating, NaN to 0 (TO_INT); i32 to f32 else. n elements.
#include "motet.glsl"

layout(constant_id = 1) const bool TO_INT = false;
layout(push_constant) uniform Push { uint n; };
layout(std430, binding = 0) readonly buffer X { uint x[]; };
layout(std430, binding = 1) writeonly buffer Y { uint y[]; };

void main() {
  const uint i = linear_index();
  if (i >= n) return;
  if (!TO_INT) {
    y[i] = floatBitsToUint(float(int(x[i])));
    return;
  }
  const float value = uintBitsToFloat(x[i]);
  const bool is_nan = (x[i] & 0x7FFFFFFFu) > 0x7F800000u;
  y[i] = is_nan ? 0u : value >= 2147483648.0 ? 0x7FFFFFFFu : value < -2147483648.0 ? 0x80000000u : uint(int(value));
}
