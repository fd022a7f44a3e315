#version 450
#extension GL_GOOGLE_include_directive : require
// scores = softmax(scale scores + bias) of the keys that each query sees, 0 for the others and up to the row's end, in
// place: the middle step of attention as two products. scores f32[heads of this dispatch, tokens, score_stride]; a workgroup
// a row.
#include "motet.glsl"
#include "reduce.glsl"
#include "math.glsl"

layout(constant_id = 4) const bool HAS_BIAS = false;
layout(push_constant) uniform Push {
  uint n, first_head, heads, tokens, keys, score_stride, window;  // n rows; heads of one batch
  bool has_length, causal;
  float scale;
};
layout(std430, binding = 0) buffer Scores { float scores[]; };
layout(std430, binding = 0) buffer Scores4 { vec4 scores4[]; };
layout(std430, binding = 1) readonly buffer Length { int length[]; };
layout(std430, binding = 2) readonly buffer Bias { float bias[]; };

void main() {
  const uint row = linear_group();
  if (row >= n) return;
  const uint lane = gl_LocalInvocationID.x;
  const uint t = row % tokens;
  const uint head = first_head + row / tokens;  // of all batches
  int end = int(keys);
  if (has_length) end = min(end, length[head / heads]);
  const int place = int(t) + int(keys) - int(tokens);  // the query's own among the keys
  if (causal) end = min(end, place + 1);
  const int start = window > 0 ? place + 1 - int(window) : 0;
  if (window > 0) end = min(end, place + int(window));
  const uint begin = row * score_stride / 4;
  const uint quads = score_stride / 4;

  float largest = -kInfinity;
  for (uint q = lane; q < quads; q += gl_WorkGroupSize.x) {
    vec4 score = scores4[begin + q] * scale;
    const ivec4 left = ivec4(end - int(4 * q)) - ivec4(0, 1, 2, 3);
    if (HAS_BIAS) {
      for (uint e = 0; e < 4; ++e) {
        if (left[e] > 0) score[e] += bias[(head % heads * tokens + t) * keys + 4 * q + e];
      }
    }
    const bvec4 begun = greaterThanEqual(ivec4(4 * q) + ivec4(0, 1, 2, 3), ivec4(start));
    score = mix(vec4(-kInfinity), score, greaterThan(mix(ivec4(0), left, begun), ivec4(0)));
    scores4[begin + q] = score;
    largest = max(max(max(score.x, score.y), max(score.z, score.w)), largest);
  }
  largest = group_max(largest);
  const float shift = largest == -kInfinity ? 0.0 : largest;
  float sum = 0.0;
  for (uint q = lane; q < quads; q += gl_WorkGroupSize.x) {
    const vec4 score = scores4[begin + q];
    const vec4 weight = vec4(exp_exact(score.x - shift), exp_exact(score.y - shift), exp_exact(score.z - shift), exp_exact(score.w - shift));
    scores4[begin + q] = weight;
    sum += weight.x + weight.y + weight.z + weight.w;
  }
  sum = group_sum(sum);
  const float factor = sum > 0.0 ? 1.0 / sum : 0.0;
  for (uint q = lane; q < quads; q += gl_WorkGroupSize.x) scores4[begin + q] *= factor;
}
