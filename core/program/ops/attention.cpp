// y = softmax(scale q k^T + mask) v for each head; H query heads share Hkv key and value heads in groups.
// Three forms, by which operands are there:
//   batch:  q f32[B, T, H, d], k and v f32[B, S, Hkv, d], length i32[B] of the keys (absent: S);
//           causal: query t sees keys s <= t + S - T. window > 0: only those nearer than `window` to t + S - T.
//   state:  q f32[N, H, d], k and v f32[N, Hkv, d], past (append state f32[2, R, Hkv, C, d]: keys, then values),
//           row and position i32[N]. First writes k and v of token n at past[., row[n], ., position[n], .], then token
//           n sees positions 0..position[n] of its row. window > 0: it sees the last `window` of them, C at most, and
//           the state is a ring that holds position p at p mod C; C is window - 1 and a row's tokens of a step, or
//           more.
//   kept:   q f32[N, H, d], k and v f32[R, C, Hkv, d], row i32[N], length i32[R]: token n sees length[row[n]] keys.
// A token of row -1 writes nothing and gets zeros; so does a query that sees no key. scale 0 means 1 / sqrt(d).
// bias is added before the softmax: f32[H, T, S] in the batch form; f32[H, D] over a state, by distance: that of
// position s as token n sees it is bias[h, min(position[n] - s, D - 1)].
#include "program/op_def.hpp"

namespace motet::program::ops {
namespace {

enum Operand : std::size_t { kQuery, kKey, kValue, kPast, kRow, kPosition, kLength, kBias };

void check_heads(const Shape& query, const Shape& key, const Shape& value) {
  expect(key == value, "key " + key.text() + " and value " + value.text() + " differ");
  expect(query[-1] == key[-1],
         "query has heads of " + std::to_string(query[-1]) + ", key of " + std::to_string(key[-1]));
  expect(key[-2] > 0 && query[-2] % key[-2] == 0,
         std::to_string(query[-2]) + " query heads are no multiple of " + std::to_string(key[-2]) + " key heads");
}

void check_batch(const OpCall& call) {
  const Shape& query = call.shape(kQuery);
  const Shape& key = call.shape(kKey);
  expect(query.rank() == 4 && key.rank() == 4 && query[0] == key[0],
         "batch form wants q [B, T, H, d], k [B, S, Hkv, d]");
  expect(!call.has(kRow) && !call.has(kPosition), "row and position belong to flat tokens, q [N, H, d]");
  if (call.has(kLength)) {
    expect_i32(call, kLength, "length");
    expect(call.shape(kLength) == Shape{query[0]}, "length must be i32[B], is " + call.type(kLength).text());
  }
  if (call.has(kBias)) {
    expect_f32(call, kBias, "bias");
    expect(call.shape(kBias) == (Shape{query[2], query[1], key[1]}), "bias must be f32[H, T, S]");
  }
}

void check_flat(const OpCall& call) {
  const Shape& query = call.shape(kQuery);
  const Shape& key = call.shape(kKey);
  expect(query.rank() == 3, "flat tokens want q [N, H, d]");
  expect(call.has(kRow), "flat tokens want row i32[N]");
  expect_i32(call, kRow, "row");
  expect(call.shape(kRow) == Shape{query[0]}, "row must be i32[N], is " + call.type(kRow).text());
  if (call.has(kBias)) {
    expect_f32(call, kBias, "bias");
    expect(call.has(kPast), "bias belongs to the batch form or to a state");
    expect(call.shape(kBias).rank() == 2 && call.shape(kBias)[0] == query[1] && call.shape(kBias)[1] > 0,
           "over a state, bias must be f32[H, D], is " + call.type(kBias).text());
  }
  if (call.has(kPast)) {
    expect(key.rank() == 3 && key[0] == query[0], "with a state, k must be [N, Hkv, d]");
    expect(call.has(kPosition), "with a state, position i32[N] is wanted");
    expect_i32(call, kPosition, "position");
    expect(call.shape(kPosition) == Shape{query[0]}, "position must be i32[N]");
    const Shape& past = call.shape(kPast);
    expect(past.rank() == 5 && past[0] == 2 && past[2] == key[1] && past[4] == key[2],
           "the state " + past.text() + " does not hold keys " + key.text());
  } else {
    expect(key.rank() == 4, "without a state, k must be kept as [R, C, Hkv, d]");
    expect(call.has(kLength), "kept keys want length i32[R]");
    expect_i32(call, kLength, "length");
    expect(call.shape(kLength) == Shape{key[0]}, "length must be i32[R], is " + call.type(kLength).text());
  }
}

std::vector<TensorType> infer(const OpCall& call) {
  expect_f32(call, kQuery, "query");
  expect_f32(call, kKey, "key");
  expect_f32(call, kValue, "value");
  const std::int64_t window = call.attributes.integer("window");
  expect(window >= 0 && window <= 1 << 30, "window must be 0 (none) to 2^30");
  expect(call.shape(kQuery).rank() >= 3 && call.shape(kKey).rank() >= 3, "query and key want 3 or 4 dimensions");
  check_heads(call.shape(kQuery), call.shape(kKey), call.shape(kValue));
  if (call.shape(kQuery).rank() == 4) {
    check_batch(call);
  } else {
    check_flat(call);
  }
  return {call.type(kQuery)};
}
}  // namespace

extern const OpDef attention;
const OpDef attention{"attention",
                      "y = softmax(scale q k^T + mask) v",
                      {{"query"},
                       {"key"},
                       {"value"},
                       {"past", true},
                       {"row", true},
                       {"position", true},
                       {"length", true},
                       {"bias", true}},
                      {"y"},
                      {{"causal", AttributeKind::integer},
                       {"scale", AttributeKind::number, false, 0.0},
                       {"window", AttributeKind::integer}},
                      infer};
}  // namespace motet::program::ops
