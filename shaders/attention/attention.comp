#version 450
#extension GL_GOOGLE_include_directive : require
// y = softmax(scale q k^T + mask) v of one token and head a workgroup: for few tokens. Keys go by in chunks of the
// workgroup's size with a running maximum and sum (Milakov and Gimelshein 2018). query, y f32[n, heads, SIZE].
#include "motet.glsl"
#include "math.glsl"
#include "reduce.glsl"
#include "attention.glsl"

const uint kParts = (SIZE + gl_WorkGroupSize.x - 1) / gl_WorkGroupSize.x;  // of the output, each invocation's

shared float q[SIZE];
shared float weights[gl_WorkGroupSize.x];

void main() {
  const uint lane = gl_LocalInvocationID.x;
  const uint n = linear_group() / heads;
  const uint head = linear_group() % heads;
  if (n >= tokens_in_all) return;
  const uint base = (n * heads + head) * SIZE;
  const uint key_row = row_of(n);
  const uvec2 seen = seen_by(n, key_row);
  const uint origin = key_row * row_stride + head / (heads / key_heads) * head_stride;

  for (uint i = lane; i < SIZE; i += gl_WorkGroupSize.x) q[i] = query[base + i] * scale;
  barrier();
  float sums[kParts];
  for (uint j = 0; j < kParts; ++j) sums[j] = 0.0;
  float largest = -kInfinity;
  float total = 0.0;
  for (uint first = seen.x; first < seen.y; first += gl_WorkGroupSize.x) {
    const uint s = first + lane;
    float score = -kInfinity;
    if (s < seen.y) {
      const uint at = origin + slot_of(s) * token_stride;
      score = HAS_BIAS ? bias_of(head, n, s) : 0.0;
      for (uint i = 0; i < SIZE; ++i) score = fma(q[i], key[at + i], score);
    }
    const float new_largest = max(largest, group_max(score));
    // All seen so far may be masked by a bias of -inf.
    const float shift = new_largest == -kInfinity ? 0.0 : new_largest;
    const float weight = exp_exact(score - shift);
    const float correction = exp_exact(largest - shift);
    largest = new_largest;
    weights[lane] = weight;
    total = total * correction + group_sum(weight);  // whose barriers publish the weights
    const uint count = min(gl_WorkGroupSize.x, seen.y - first);
    for (uint j = 0; j < kParts; ++j) {
      const uint i = j * gl_WorkGroupSize.x + lane;
      float sum = sums[j] * correction;
      if (i < SIZE) {
        for (uint t = 0; t < count; ++t) {
          sum = fma(weights[t], value[value_base + origin + slot_of(first + t) * token_stride + i], sum);
        }
      }
      sums[j] = sum;
    }
    barrier();
  }
  for (uint j = 0; j < kParts; ++j) {
    const uint i = j * gl_WorkGroupSize.x + lane;
    if (i < SIZE) y[base + i] = total > 0.0 ? sums[j] / total : 0.0;
  }
}
