#version 450
#extension GL_GOOGLE_include_directive : require
// columns[b, t, i, k] = x[b, t stride + k dilation - padding, i], 0 outside: what a padded or dilated convolution
// multiplies with its weight. x f32[B, times, channels]; n elements of columns f32[B, y_times, channels, taps].
#include "motet.glsl"

layout(push_constant) uniform Push { uint n, times, channels, y_times, taps, stride, padding, dilation; };
layout(std430, binding = 0) readonly buffer X { float x[]; };
layout(std430, binding = 1) writeonly buffer Columns { float columns[]; };

void main() {
  const uint i = linear_index();
  if (i >= n) return;
  const uint k = i % taps;
  const uint c = i / taps % channels;
  const uint t = i / (taps * channels) % y_times;
  const uint b = i / (taps * channels * y_times);
  const uint at = t * stride + k * dilation - padding;  // wraps below 0
  columns[i] = at < times ? x[(b * times + at) * channels + c] : 0.0;
}
