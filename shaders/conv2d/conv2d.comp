#version 450
#extension GL_GOOGLE_include_directive : require
// y[b, r, c, o] = sum over ky, kx, i of x[b, r stride_y + ky dilation_y - padding_y, c stride_x + ..., i]
// weight[o, i, ky, kx], then the epilogues (the bias is the first): an invocation an element, for convolutions in groups.
// x f32[B, height, width, channels]; weight f32[outputs, depth, KY, KX]; n elements of y f32[B, down, across, outputs].
#include "motet.glsl"
#include "epilogue.glsl"

layout(constant_id = 1) const uint KY = 1;
layout(constant_id = 2) const uint KX = 1;
layout(push_constant) uniform Push {
  uint n, height, width, channels, down, across, outputs, depth;
  uint stride_y, stride_x, padding_y, padding_x, dilation_y, dilation_x;
};
layout(std430, binding = 0) readonly buffer X { float x[]; };
layout(std430, binding = 1) readonly buffer Weight { float weight[]; };
layout(std430, binding = 2) writeonly buffer Y { float y[]; };

void main() {
  const uint i = linear_index();
  if (i >= n) return;
  const uint o = i % outputs;
  const uint c = i / outputs % across;
  const uint r = i / (outputs * across) % down;
  const uint b = i / (outputs * across * down);
  const uint first_channel = o / (outputs * depth / channels) * depth;
  float sum = 0.0;
  for (uint ky = 0; ky < KY; ++ky) {
    const uint row = r * stride_y + ky * dilation_y - padding_y;  // wraps below 0
    if (row >= height) continue;
    for (uint kx = 0; kx < KX; ++kx) {
      const uint column = c * stride_x + kx * dilation_x - padding_x;
      if (column >= width) continue;
      const uint from = ((b * height + row) * width + column) * channels + first_channel;
      for (uint d = 0; d < depth; ++d) sum = fma(x[from + d], weight[((o * depth + d) * KY + ky) * KX + kx], sum);
    }
  }
  y[i] = apply_epilogue(sum, i, o);
}
