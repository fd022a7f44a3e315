#version 450
#extension GL_GOOGLE_include_directive : require
// columns[p, i, ky, kx] = x[b, r stride_y + ky dilation_y - padding_y, c stride_x + ..., i], 0 outside, for output
// positions p = first, first + 1, ... of [B, down, across]: what a convolution multiplies with its weight.
// x f32[B, height, width, channels]; n elements of columns.
#include "motet.glsl"

layout(constant_id = 1) const uint KY = 1;
layout(constant_id = 2) const uint KX = 1;
layout(push_constant) uniform Push {
  uint n, first, height, width, channels, down, across;
  uint stride_y, stride_x, padding_y, padding_x, dilation_y, dilation_x;
};
layout(std430, binding = 0) readonly buffer X { float x[]; };
layout(std430, binding = 1) writeonly buffer Columns { float columns[]; };

void main() {
  const uint i = linear_index();
  if (i >= n) return;
  const uint kx = i % KX;
  const uint ky = i / KX % KY;
  const uint channel = i / (KX * KY) % channels;
  const uint p = first + i / (KX * KY * channels);
  const uint row = p / across % down * stride_y + ky * dilation_y - padding_y;  // wraps below 0
  const uint column = p % across * stride_x + kx * dilation_x - padding_x;
  const bool inside = row < height && column < width;
  columns[i] = inside ? x[((p / (across * down) * height + row) * width + column) * channels + channel] : 0.0;
}
