#version 450
#extension GL_GOOGLE_include_directive : require
// `value` around x: y's index less `before` is x's where it is inside. f32, RANK dimensions, n elements of y.
#include "motet.glsl"

layout(constant_id = 2) const uint RANK = 1;
layout(push_constant) uniform Push { uint n; float value; uint y_sizes[8], x_sizes[8], before[8]; };
layout(std430, binding = 0) readonly buffer X { float x[]; };
layout(std430, binding = 1) writeonly buffer Y { float y[]; };

void main() {
  const uint i = linear_index();
  if (i >= n) return;
  uint rest = i;
  uint from = 0u;
  uint stride = 1u;
  bool inside = true;
  for (int d = int(RANK) - 1; d >= 0; --d) {
    const uint at = rest % y_sizes[d] - before[d];  // wraps below 0
    rest /= y_sizes[d];
    inside = inside && at < x_sizes[d];
    from += at * stride;
    stride *= x_sizes[d];
  }
  y[i] = inside ? x[from] : value;
}
