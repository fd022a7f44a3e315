#version 450
#extension GL_GOOGLE_include_directive : require
// y[b, t, o] = sum over k, i of x[b, t stride + k dilation - padding, i] weight[o, i, k], then the epilogues (the bias is
// the first): an invocation an element, for convolutions in groups. x f32[B, times, channels]; weight f32[outputs, width, K].
#include "motet.glsl"
#include "epilogue.glsl"

layout(push_constant) uniform Push { uint n, times, channels, y_times, outputs, width, taps, stride, padding, dilation; };
layout(std430, binding = 0) readonly buffer X { float x[]; };
layout(std430, binding = 1) readonly buffer Weight { float weight[]; };
layout(std430, binding = 2) writeonly buffer Y { float y[]; };

void main() {
  const uint i = linear_index();
  if (i >= n) return;
  const uint o = i % outputs;
  const uint t = i / outputs % y_times;
  const uint b = i / (outputs * y_times);
  const uint first_channel = o / (outputs * width / channels) * width;
  float sum = 0.0;
  for (uint k = 0; k < taps; ++k) {
    const uint at = t * stride + k * dilation - padding;  // wraps below 0
    if (at >= times) continue;
    const uint from = (b * times + at) * channels + first_channel;
    for (uint c = 0; c < width; ++c) sum = fma(x[from + c], weight[(o * width + c) * taps + k], sum);
  }
  y[i] = apply_epilogue(sum, i, o);
}
