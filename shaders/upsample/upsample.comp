#version 450
#extension GL_GOOGLE_include_directive : require
// y[b, r, c, i] = x at the place of (r, c) in a grid of height x width, the nearest or mixed of four (BILINEAR); where
// that lies is an exact fraction. CORNERS: first and last lie on each other, else the pixels' centres are aligned.
// x f32[B, height, width, channels]; n elements of y f32[B, down, across, channels].
#include "motet.glsl"

layout(constant_id = 1) const bool BILINEAR = false;
layout(constant_id = 2) const bool CORNERS = false;
layout(push_constant) uniform Push { uint n, height, width, channels, down, across; };
layout(std430, binding = 0) readonly buffer X { float x[]; };
layout(std430, binding = 1) writeonly buffer Y { float y[]; };

// First element and share of the next one.
void place(uint r, uint from, uint to, out uint first, out float share) {
  uint above = CORNERS ? r * (from - 1u) : (2u * r + 1u) * from;
  const uint below = CORNERS ? max(to - 1u, 1u) : 2u * to;
  if (!CORNERS) above -= min(above, to);
  first = above / below;
  share = float(above % below) / float(below);
}

void main() {
  const uint i = linear_index();
  if (i >= n) return;
  const uint channel = i % channels;
  const uint c = i / channels % across;
  const uint r = i / (channels * across) % down;
  const uint image = i / (channels * across * down) * height;
  if (!BILINEAR) {
    y[i] = x[((image + r * height / down) * width + c * width / across) * channels + channel];
    return;
  }
  uint row, column;
  float down_share, across_share;
  place(r, height, down, row, down_share);
  place(c, width, across, column, across_share);
  const uint above = (image + row) * width;
  const uint below = (image + min(row + 1u, height - 1u)) * width;
  const uint right = min(column + 1u, width - 1u);
  const float x00 = x[(above + column) * channels + channel];
  const float x01 = x[(above + right) * channels + channel];
  const float x10 = x[(below + column) * channels + channel];
  const float x11 = x[(below + right) * channels + channel];
  const float upper = fma(across_share, x01 - x00, x00);
  const float lower = fma(across_share, x11 - x10, x10);
  y[i] = fma(down_share, lower - upper, upper);
}
