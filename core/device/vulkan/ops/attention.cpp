#include <algorithm>
#include <cmath>
#include "device/vulkan/epilogues.hpp"
#include "device/vulkan/kernel.hpp"
#include "device/vulkan/matmul_dispatch.hpp"
#include "device/vulkan/strided.hpp"

namespace motet::device::vulkan::ops {
namespace {

enum Input : std::size_t { kQuery, kKey, kValue, kPast, kRow, kPosition, kLength, kBias };
enum Form : std::uint32_t { kBatch, kState, kKept };

constexpr std::int64_t kManyQueries = 4;       // from which on sharing what is read of the keys pays
constexpr std::uint32_t kLanesElements = 256;  // of queries that a lane of attention_lanes holds
constexpr std::uint64_t kScoreBytes = 32u << 20;

struct Layout {  // of the keys, in elements
  std::uint32_t rows, keys, token_stride, head_stride, row_stride, value_base;
};

Layout layout_of(const KernelCall& call, Form form) {
  const auto at = [](const tensor::Shape& shape, int axis) { return static_cast<std::uint32_t>(shape[axis]); };
  if (form == kState) {  // [2, R, Hkv, C, d]
    const tensor::Shape& past = call.input_shape(kPast);
    const std::uint32_t head = at(past, 3) * at(past, 4);
    return {at(past, 1), at(past, 3), at(past, 4), head, at(past, 2) * head, at(past, 1) * at(past, 2) * head};
  }
  const tensor::Shape& key = call.input_shape(kKey);  // [R, C, Hkv, d]
  const std::uint32_t token = at(key, 2) * at(key, 3);
  return {at(key, 0), at(key, 1), token, at(key, 3), at(key, 1) * token, 0};
}

bool is_ring(const KernelCall& call, Form form) { return form == kState && call.attributes().integer("window") > 0; }

// This step's keys and values come first, since its tokens see each other.
void add_write(KernelCall& call, const Layout& layout) {
  const std::uint32_t n = count(call.input_shape(kKey));
  Dispatch dispatch("attention_write");
  dispatch.bind("key", call.input(kKey)).bind("value", call.input(kValue)).bind("row", call.input(kRow));
  dispatch.bind("position", call.input(kPosition)).bind("past", call.input(kPast));
  dispatch.push("n", n)
      .push("rows", layout.rows)
      .push("key_heads", static_cast<std::uint32_t>(call.input_shape(kKey)[1]));
  dispatch.push("keys", layout.keys).push("size", last(call.input_shape(kKey)));
  dispatch.set("RING", is_ring(call, kState));
  dispatch.set("local_size_x", call.elementwise_size()).linear(n, call.elementwise_size());
  call.add(std::move(dispatch));
}

// The batch form as two products with the softmax between, at the products' rate. The scores of as many heads as fit
// lie in scratch memory.
void add_products(KernelCall& call, const Layout& layout, float scale) {
  const tensor::Shape& query = call.input_shape(kQuery);
  const auto tokens = static_cast<std::uint32_t>(query[1]);
  const auto heads = static_cast<std::uint32_t>(query[2]);
  const std::uint32_t size = last(query);
  const std::uint32_t group = heads / static_cast<std::uint32_t>(call.input_shape(kKey)[2]);
  const std::uint32_t all = static_cast<std::uint32_t>(query[0]) * heads;
  const std::uint32_t score_stride = (layout.keys + 3) / 4 * 4;
  const std::uint64_t head_bytes = 4ull * tokens * score_stride;
  const auto together = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(kScoreBytes / head_bytes, 1, all));
  const vulkan::Operand scores = call.scratch(head_bytes * together);

  for (std::uint32_t first = 0; first < all; first += together) {
    const std::uint32_t some = std::min(together, all - first);
    Product products[2];
    Product& q_k = products[0];
    Product& p_v = products[1];
    q_k.a = call.input(kQuery), q_k.b = call.input(kKey), q_k.y = scores;
    q_k.rows = tokens, q_k.columns = layout.keys, q_k.depth = size;
    q_k.a_stride = heads * size, q_k.b_stride = layout.token_stride, q_k.y_stride = score_stride;
    p_v.a = scores, p_v.b = call.input(kValue), p_v.y = call.output();
    p_v.depth_first = p_v.a_padded = true;
    p_v.rows = tokens, p_v.columns = size, p_v.depth = layout.keys;
    p_v.a_stride = score_stride, p_v.b_stride = layout.token_stride, p_v.y_stride = heads * size;
    q_k.epilogues = p_v.epilogues = false;
    q_k.batches.clear(), p_v.batches.clear();
    for (std::uint32_t i = 0; i < some; ++i) {
      const std::uint32_t batch = (first + i) / heads;
      const std::uint32_t head = (first + i) % heads;
      const std::uint32_t query_at = (batch * tokens * heads + head) * size;
      const std::uint32_t key_at = batch * layout.row_stride + head / group * layout.head_stride;
      const std::uint32_t score_at = i * tokens * score_stride;
      q_k.batches.push_back({query_at, key_at, score_at});
      p_v.batches.push_back({score_at, key_at, query_at});
    }
    add_product(call, q_k);
    Dispatch weights("attention_weights");
    weights.bind("scores", scores).bind("length", call.input(kLength)).bind("bias", call.input(kBias));
    weights.push("n", some * tokens).push("first_head", first).push("heads", heads).push("tokens", tokens);
    weights.push("keys", layout.keys).push("score_stride", score_stride).push("scale", scale);
    weights.push("window", static_cast<std::uint32_t>(call.attributes().integer("window")));
    weights.push("has_length", std::uint32_t{call.has(kLength)});
    weights.push("causal", std::uint32_t{call.attributes().integer("causal") != 0});
    weights.set("HAS_BIAS", call.has(kBias))
        .set("local_size_x", call.row_size())
        .linear(std::uint64_t{some} * tokens, 1);
    call.add(std::move(weights));
    add_product(call, p_v);
  }
}

// How many heads that share their keys attention_lanes takes together; 0 where it does not fit.
std::uint32_t rows_of_lanes(const KernelCall& call, const Layout& layout) {
  const tensor::Shape& query = call.input_shape(kQuery);
  const std::uint32_t size = last(query);
  const auto group = static_cast<std::uint32_t>(query[-2] / call.input_shape(kKey)[-2]);
  const bool quads = (size | layout.token_stride | layout.head_stride | layout.row_stride | layout.value_base) % 4 == 0;
  if (!call.traits().software || call.traits().subgroup_size != 8 || !quads || size > kLanesElements) return 0;
  return group * size <= kLanesElements ? group : 1;
}

void record(KernelCall& call) {
  const tensor::Shape& query = call.input_shape(kQuery);
  const Form form = query.rank() == 4 ? kBatch : call.has(kPast) ? kState : kKept;
  if (count(query) == 0) return;
  const Layout layout = layout_of(call, form);
  if (form == kState) add_write(call, layout);
  const std::uint32_t size = last(query);
  const auto heads = static_cast<std::uint32_t>(query[-2]);
  const std::uint32_t tokens = count(query) / (heads * size);
  const double scale = call.attributes().number("scale");

  const auto factor = static_cast<float>(scale == 0 ? 1 / std::sqrt(static_cast<double>(size)) : scale);
  const bool fits = 4.0 * static_cast<double>(layout.keys + 3) * static_cast<double>(query[1]) <
                    static_cast<double>(call.traits().max_binding_bytes);
  if (form == kBatch && fits && query[1] >= kManyQueries && layout.keys > 0) return add_products(call, layout, factor);
  const std::uint32_t rows = rows_of_lanes(call, layout);
  Dispatch dispatch(rows > 0 ? "attention_lanes" : "attention");
  dispatch.bind("query", call.input(kQuery)).bind("y", call.output());
  dispatch.bind("key", call.input(form == kState ? kPast : kKey))
      .bind("value", call.input(form == kState ? kPast : kValue));
  dispatch.bind("row", call.input(kRow)).bind("position", call.input(kPosition)).bind("length", call.input(kLength));
  dispatch.bind("bias", call.input(kBias));
  dispatch.push("heads", heads).push("key_heads", static_cast<std::uint32_t>(call.input_shape(kKey)[-2]));
  dispatch.push("tokens", form == kBatch ? static_cast<std::uint32_t>(query[1]) : tokens).push("tokens_in_all", tokens);
  dispatch.push("keys", layout.keys).push("rows", layout.rows);
  dispatch.push("window", static_cast<std::uint32_t>(call.attributes().integer("window")));
  dispatch.push("token_stride", layout.token_stride).push("head_stride", layout.head_stride);
  dispatch.push("row_stride", layout.row_stride).push("value_base", layout.value_base);
  dispatch.push("scale", factor);
  dispatch.set("FORM", form).set("SIZE", size).set("HAS_BIAS", call.has(kBias));
  dispatch.set("RING", is_ring(call, form));
  dispatch.push("distances", form == kState && call.has(kBias) ? last(call.input_shape(kBias)) : 1u);
  dispatch.push("has_length", std::uint32_t{call.has(kLength)});
  dispatch.push("causal", std::uint32_t{call.attributes().integer("causal") != 0});
  if (rows > 0) dispatch.set("ROWS", rows);
  dispatch.set("local_size_x", call.row_size()).linear(std::uint64_t{tokens} * heads / std::max(1u, rows), 1);
  dispatch.work(2.0 * tokens * heads * layout.keys * size);
  call.add(std::move(dispatch));
}
}  // namespace

extern const KernelDef attention;
const KernelDef attention{"attention", record, false};
}  // namespace motet::device::vulkan::ops
