#version 450
#extension GL_GOOGLE_include_directive : require
// Attention of one token for drivers that run on a CPU (lanes.glsl): a workgroup is one subgroup of 8 with ROWS heads that
// share their keys. Each lane sees every eighth key, with maxima, sums and outputs of its own, since what crosses lanes is
// dear; they join at the end. query, y f32[tokens_in_all, heads, SIZE]; SIZE and the strides are multiples of 4.
#include "motet.glsl"
#include "lanes.glsl"
#include "math.glsl"
#include "attention.glsl"
layout(constant_id = 6) const uint ROWS = 1;
layout(std430, binding = 0) readonly buffer Query4 { vec4 query4[]; };
layout(std430, binding = 1) readonly buffer Key4 { vec4 key4[]; };
layout(std430, binding = 2) readonly buffer Value4 { vec4 value4[]; };
layout(std430, binding = 7) writeonly buffer Y4 { vec4 y4[]; };

const uint QUADS = SIZE / 4;

void main() {
  const uint lane = gl_LocalInvocationID.x;
  const uint n = linear_group() / (heads / ROWS);
  const uint head = linear_group() % (heads / ROWS) * ROWS;
  if (n >= tokens_in_all) return;
  const uint base = (n * heads + head) * QUADS;
  const uint key_row = row_of(n);
  const uvec2 seen = seen_by(n, key_row);
  const uint origin = key_row * row_stride + head / (heads / key_heads) * head_stride;

  vec4 queries[ROWS][QUADS], sums[ROWS][QUADS];
  float largest[ROWS], total[ROWS];
  [[unroll]] for (uint r = 0; r < ROWS; ++r) {
    largest[r] = -kInfinity;
    total[r] = 0.0;
    [[unroll]] for (uint i = 0; i < QUADS; ++i) {
      queries[r][i] = query4[base + r * QUADS + i] * scale;
      sums[r][i] = vec4(0.0);
    }
  }
  for (uint s = seen.x + lane; s < seen.y; s += LANES) {
    const uint at = (origin + slot_of(s) * token_stride) / 4u;
    vec4 products[ROWS];
    [[unroll]] for (uint r = 0; r < ROWS; ++r) products[r] = vec4(0.0);
    [[unroll]] for (uint i = 0; i < QUADS; ++i) {
      const vec4 k = key4[at + i];
      [[unroll]] for (uint r = 0; r < ROWS; ++r) products[r] = fma(queries[r][i], k, products[r]);
    }
    float weights[ROWS], corrections[ROWS];
    [[unroll]] for (uint r = 0; r < ROWS; ++r) {
      float score = products[r].x + products[r].y + products[r].z + products[r].w;
      if (HAS_BIAS) score += bias_of(head + r, n, s);
      const float new_largest = max(largest[r], score);
      const float shift = new_largest == -kInfinity ? 0.0 : new_largest;  // a bias may have masked all so far
      corrections[r] = exp_exact(largest[r] - shift);
      largest[r] = new_largest;
      weights[r] = exp_exact(score - shift);
      total[r] = fma(total[r], corrections[r], weights[r]);
    }
    [[unroll]] for (uint i = 0; i < QUADS; ++i) {
      const vec4 v = value4[value_base / 4u + at + i];
      [[unroll]] for (uint r = 0; r < ROWS; ++r) sums[r][i] = fma(vec4(weights[r]), v, sums[r][i] * corrections[r]);
    }
  }
  [[unroll]] for (uint r = 0; r < ROWS; ++r) {
    const float shift = lanes_max(largest[r]);
    const float share = shift == -kInfinity ? 0.0 : exp_exact(largest[r] - shift);
    const float all = lanes_sum(total[r] * share);
    const float factor = all > 0.0 ? share / all : 0.0;
    [[unroll]] for (uint i = 0; i < QUADS; ++i) {
      const vec4 part = sums[r][i] * factor;
      const vec4 sum = vec4(lanes_sum(part.x), lanes_sum(part.y), lanes_sum(part.z), lanes_sum(part.w));
      if (lane == i % LANES) y4[base + r * QUADS + i] = sum;
    }
  }
}
