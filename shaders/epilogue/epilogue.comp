#version 450
#extension GL_GOOGLE_include_directive : require
// y[i] = the step's epilogues of y[i], for kernels that do not apply them. y f32[n / columns, columns].
#include "motet.glsl"
#include "epilogue.glsl"

layout(push_constant) uniform Push { uint n, columns; };
layout(std430, binding = 0) buffer Y { float y[]; };

void main() {
  const uint i = linear_index();
  if (i < n) y[i] = apply_epilogue(y[i], i, i % columns);
}
