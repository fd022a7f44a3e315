// Which keys a query sees, in the three forms of attention (program/ops/attention.cpp).
#ifndef ATTENTION_GLSL
#define ATTENTION_GLSL

layout(constant_id = 1) const uint FORM = 0;  // batch, state, kept
const uint kBatch = 0, kState = 1, kKept = 2;
layout(constant_id = 2) const uint SIZE = 64;  // of a head
layout(constant_id = 4) const bool HAS_BIAS = false;
layout(constant_id = 5) const bool RING = false;  // a state with a window: position p lies at p mod keys

// tokens: of a sequence (batch) or in all; keys: capacity of a row; strides in elements of key and value, whose first
// element is at value_base.
layout(push_constant) uniform Push {
  uint heads, key_heads, tokens, keys, rows, window, token_stride, head_stride, row_stride, value_base, tokens_in_all, distances;
  bool has_length, causal;
  float scale;
};
layout(std430, binding = 0) readonly buffer Query { float query[]; };
layout(std430, binding = 1) readonly buffer Key { float key[]; };
layout(std430, binding = 2) readonly buffer Value { float value[]; };
layout(std430, binding = 3) readonly buffer Row { int row[]; };
layout(std430, binding = 4) readonly buffer Position { int position[]; };
layout(std430, binding = 5) readonly buffer Length { int length[]; };
layout(std430, binding = 6) readonly buffer Bias { float bias[]; };
layout(std430, binding = 7) writeonly buffer Y { float y[]; };

// The row of the keys that token n sees, or one that is out of range.
uint row_of(uint n) { return FORM == kBatch ? n / tokens : uint(row[n]); }

// What is added to the score of key s: bias[head, token, s], or over a state bias[head, distance].
float bias_of(uint head, uint n, uint s) {
  if (FORM == kState) return bias[head * distances + min(uint(position[n]) - s, distances - 1u)];
  return bias[(head * tokens + n % tokens) * keys + s];
}

// Where key s lies in its row.
uint slot_of(uint s) { return RING ? s % keys : s; }

// Token n sees keys x to y - 1 of its row.
uvec2 seen_by(uint n, uint key_row) {
  if (key_row >= rows) return uvec2(0u);
  int begin = 0;
  int end = int(keys);
  if (FORM == kState) {
    end = RING ? position[n] + 1 : min(end, position[n] + 1);
    if (RING) begin = max(0, end - int(min(window, keys)));
  } else if (FORM == kKept || has_length) {
    end = min(end, length[key_row]);
  }
  const int place = int(n % tokens) + int(keys) - int(tokens);  // its own among the keys of a batch
  if (FORM == kBatch && causal) end = min(end, place + 1);
  if (FORM == kBatch && window > 0u) {
    begin = max(0, place + 1 - int(window));
    end = min(end, place + int(window));
  }
  return uvec2(begin, max(begin, end));
}

#endif
