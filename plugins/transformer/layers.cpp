#include "transformer/layers.hpp"

namespace motet::transformer {
namespace {

// [..., heads * d] -> [..., heads, d]
Tensor split_heads(Builder& g, Tensor x, std::int64_t heads, std::int64_t head_dim) {
  std::vector<std::int64_t> shape;
  for (const Dim& dim : g.spec(x).dims) shape.push_back(dim.size);
  if (shape.empty()) return x;  // poison: the first mistake is kept already
  shape.back() = heads;
  shape.push_back(head_dim);
  return g.reshape(x, shape);
}

Tensor join_heads(Builder& g, Tensor x) {
  std::vector<std::int64_t> shape;
  for (const Dim& dim : g.spec(x).dims) shape.push_back(dim.size);
  if (shape.size() < 2) return x;
  const std::int64_t head_dim = shape.back();
  shape.pop_back();
  shape.back() *= head_dim;
  return g.reshape(x, shape);
}

Tensor turned(Builder& g, const Configuration& c, Tensor heads, const Standing& standing) {
  if (c.position.kind != "rope") return heads;
  return g.rope(heads, c.position.dims,
                {.position = standing.position, .theta = c.position.theta, .layout = c.position.layout});
}

Tensor attend(Builder& g, const Configuration& c, const Layer& weights, Tensor x, const Standing& standing) {
  Tensor q = turned(g, c, split_heads(g, linear(g, weights.query, x), c.heads, c.head_dim), standing);
  Tensor k = turned(g, c, split_heads(g, linear(g, weights.key, x), c.kv_heads, c.head_dim), standing);
  Tensor v = split_heads(g, linear(g, weights.value, x), c.kv_heads, c.head_dim);
  Tensor seen;
  if (standing.flat) {
    const State past = g.state("self", State::append, {c.kv_heads, c.head_dim});
    seen = g.attention(q, k, v, {.past = past, .row = standing.row, .position = standing.position, .causal = 1});
  } else {
    seen = g.attention(q, k, v, {.length = standing.length, .causal = c.causal ? 1 : 0});
  }
  return linear(g, weights.out, join_heads(g, seen));
}

Tensor feed_forward(Builder& g, const Configuration& c, const Layer& weights, Tensor x) {
  const std::string& activation = c.feed_forward.activation;
  if (!c.feed_forward.gated) return linear(g, weights.down, g.unary(linear(g, weights.up, x), activation));
  const Tensor gate = g.unary(linear(g, weights.gate, x), activation);
  return linear(g, weights.down, g.mul(gate, linear(g, weights.up, x)));
}
}  // namespace

Norm declare_norm(const Negotiation& n, const Configuration& c, const std::string& name) {
  Norm out{n.weight(name, {c.width}, {.init = "ones"}), {}};
  if (c.norm.biases) out.bias = n.weight(name + ".bias", {c.width}, {.init = "zeros"});
  return out;
}

Linear declare_linear(const Negotiation& n, const std::string& name, std::int64_t out, std::int64_t in, bool bias) {
  Linear made{n.weight(name, {out, in}), {}};
  if (bias) made.bias = n.weight(name + ".bias", {out}, {.init = "zeros"});
  return made;
}

std::vector<Layer> declare_layers(const Negotiation& n, const Configuration& c) {
  const bool in_bias = c.attention_biases != "none";
  const bool out_bias = c.attention_biases == "all";
  const std::int64_t kv_width = c.kv_heads * c.head_dim;
  std::vector<Layer> layers;
  for (std::int64_t i = 0; i < c.layers; ++i) {
    const std::string scope = "layers." + std::to_string(i) + ".";
    Layer layer;
    layer.index = i;
    layer.self_norm = declare_norm(n, c, scope + "self_norm");
    layer.query = declare_linear(n, scope + "self.query", c.heads * c.head_dim, c.width, in_bias);
    layer.key = declare_linear(n, scope + "self.key", kv_width, c.width, in_bias);
    layer.value = declare_linear(n, scope + "self.value", kv_width, c.width, in_bias);
    layer.out = declare_linear(n, scope + "self.out", c.width, c.heads * c.head_dim, out_bias);
    layer.feed_forward_norm = declare_norm(n, c, scope + "feed_forward_norm");
    layer.up = declare_linear(n, scope + "feed_forward.up", c.feed_forward.width, c.width, c.feed_forward.biases);
    if (c.feed_forward.gated) {
      layer.gate = declare_linear(n, scope + "feed_forward.gate", c.feed_forward.width, c.width, c.feed_forward.biases);
    }
    layer.down = declare_linear(n, scope + "feed_forward.down", c.width, c.feed_forward.width, c.feed_forward.biases);
    layers.push_back(std::move(layer));
  }
  return layers;
}

Tensor norm(Builder& g, const Configuration& c, const Norm& weights, Tensor x) {
  if (c.norm.kind == "layer")
    return g.layer_norm(x, {.weight = weights.weight, .bias = weights.bias, .eps = c.norm.eps});
  const Tensor scaled = g.rms_norm(x, {.weight = weights.weight, .eps = c.norm.eps});
  return weights.bias ? g.add(scaled, weights.bias) : scaled;
}

Tensor linear(Builder& g, const Linear& weights, Tensor x) { return g.linear(x, weights.weight, weights.bias); }

Tensor layer(Builder& g, const Configuration& c, const Layer& weights, Tensor x, const Standing& standing,
             const Between& between) {
  const Scope scope = g.scope("layers." + std::to_string(weights.index));
  if (c.norm.place == "pre") {
    x = g.add(x, attend(g, c, weights, norm(g, c, weights.self_norm, x), standing));
    if (between) x = between(x);
    return g.add(x, feed_forward(g, c, weights, norm(g, c, weights.feed_forward_norm, x)));
  }
  x = norm(g, c, weights.self_norm, g.add(x, attend(g, c, weights, x, standing)));
  if (between) x = between(x);
  return norm(g, c, weights.feed_forward_norm, g.add(x, feed_forward(g, c, weights, x)));
}

}  // namespace motet::transformer
