#version 450
#extension GL_GOOGLE_include_directive : require
// y[b, r, c, i] = the largest or the mean of x[b, r stride_y + ky - padding_y, c stride_x + kx - padding_x, i] over the
// window; padding is in no maximum, and in a mean only where `count_padding`. x f32[B, height, width, channels]; an
// invocation an element of y f32[B, down, across, channels], n of them.
#include "motet.glsl"
#include "math.glsl"

layout(constant_id = 1) const bool MAX = false;
layout(push_constant) uniform Push {
  uint n, height, width, channels, down, across, size_y, size_x, stride_y, stride_x, padding_y, padding_x;
  bool count_padding;
};
layout(std430, binding = 0) readonly buffer X { float x[]; };
layout(std430, binding = 1) writeonly buffer Y { float y[]; };

void main() {
  const uint i = linear_index();
  if (i >= n) return;
  const uint channel = i % channels;
  const uint c = i / channels % across;
  const uint r = i / (channels * across) % down;
  const uint b = i / (channels * across * down);
  float result = MAX ? -kInfinity : 0.0;
  uint count = 0;
  for (uint ky = 0; ky < size_y; ++ky) {
    const uint row = r * stride_y + ky - padding_y;  // wraps below 0
    if (row >= height) continue;
    float line = MAX ? -kInfinity : 0.0;  // a row's own: short sums round less
    for (uint kx = 0; kx < size_x; ++kx) {
      const uint column = c * stride_x + kx - padding_x;
      if (column >= width) continue;
      const float element = x[((b * height + row) * width + column) * channels + channel];
      line = MAX ? max(line, element) : line + element;
      ++count;
    }
    result = MAX ? max(result, line) : result + line;
  }
  y[i] = MAX ? result : result / float(count_padding ? size_y * size_x : count);
}
