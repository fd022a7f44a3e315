#version 450
#extension GL_GOOGLE_include_directive : require
// y[y_offset + sum i_d y_strides[d]] = x[x_offset + sum i_d x_strides[d]] for all indices i of RANK dimensions: reshape,
// expand, transpose, slice and the parts of concat. Any 32-bit type; n elements.
#include "motet.glsl"

layout(constant_id = 2) const uint RANK = 1;
layout(push_constant) uniform Push { uint n, x_offset, y_offset, sizes[8], x_strides[8], y_strides[8]; };
layout(std430, binding = 0) readonly buffer X { uint x[]; };
layout(std430, binding = 1) writeonly buffer Y { uint y[]; };

void main() {
  uint rest = linear_index();
  if (rest >= n) return;
  uint from = x_offset;
  uint to = y_offset;
  for (int d = int(RANK) - 1; d > 0; --d) {
    const uint at = rest % sizes[d];
    rest /= sizes[d];
    from += at * x_strides[d];
    to += at * y_strides[d];
  }
  y[to + rest * y_strides[0]] = x[from + rest * x_strides[0]];
}
