#version 450
#extension GL_GOOGLE_include_directive : require
// y[i] = FN(x[i]), then the epilogues. x, y f32[n / columns, columns].
#include "motet.glsl"
#include "epilogue.glsl"

layout(constant_id = 1) const uint FN = 1;
layout(push_constant) uniform Push { uint n, columns; };
layout(std430, binding = 0) readonly buffer X { float x[]; };
layout(std430, binding = 1) writeonly buffer Y { float y[]; };

void main() {
  const uint i = linear_index();
  if (i < n) y[i] = apply_epilogue(apply_unary(FN, x[i]), i, i % columns);
}
