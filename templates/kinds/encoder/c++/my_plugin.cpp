// my_plugin: tokens to vectors, which have looked at each other.
#include <motet/sdk.hpp>

#include <cstdint>
#include <string>
#include <vector>

// hidden = e + softmax(q k^T / sqrt(D)) v of e = embed[tokens], q = rope(e Q^T), k = rope(e K^T), v = e V^T, one head;
// pooled is the mean of hidden over each text's own length. embed (V, D); query, key and value (D, D); D is even.
class MyPlugin {
 public:
  static constexpr auto type =
      motet::stage_type("my_plugin", "encoder")
          .summary("Tokens to vectors through one layer of self-attention.")
          .example("encoder: {use: my_plugin, weights: mine, in: {tokens: words.ids}}")
          .in("tokens", "tokens", "token ids; texts of different lengths share a batch", motet::kRaggedPad)
          .out("hidden", "f32[B, T, D]", "a vector for each token")
          .out("pooled", "f32[B, D]", "their mean");

  // Pure, and asked as often as Motet likes: which weights are wanted, and what shapes come of what is connected.
  void negotiate(motet::Negotiation& n) {
    const motet::Spec tokens = n.input("tokens");  // i32[B, T]; numbers or symbols
    embed_ = n.weight("embed", {n.fresh(), n.fresh()});
    const motet::Dim width = embed_ ? embed_.spec[1] : n.fresh();
    if (width.known() && width.size % 2 != 0) throw motet::ParameterError("weights.embed", "must have even rows");
    query_ = n.weight("query", {width, width});
    key_ = n.weight("key", {width, width});
    value_ = n.weight("value", {width, width});
    const motet::Dim batch = tokens ? tokens[0] : n.fresh(), time = tokens ? tokens[1] : n.fresh();
    n.set_output("hidden", MOTET_F32, {batch, time, width});
    n.set_output("pooled", MOTET_F32, {batch, width});
  }

  // Shapes are numbers here. `length` says how much of each row is text; the rest is padding, and no one may look at
  // it.
  std::vector<motet::Tensor> build(motet::Builder& g, motet::Tensor tokens) const {
    const motet::Tensor length = g.length_of(tokens);
    const motet::Tensor x = g.embedding(embed_, tokens);
    const std::int64_t batch = g.size(x, 0), time = g.size(x, 1), width = g.size(x, 2);
    const auto head = [&](const motet::Weight& w) { return g.reshape(g.linear(x, w), {batch, time, 1, width}); };
    const motet::Tensor query = g.rope(head(query_), width), key = g.rope(head(key_), width);
    const motet::Tensor seen = g.attention(query, key, head(value_), {.length = length});
    const motet::Tensor hidden = g.add(x, g.reshape(seen, {batch, time, width}));
    return {hidden, g.reduce(hidden, "mean", 1, {.length = length})};
  }

 private:
  motet::Weight embed_, query_, key_, value_;
};

MOTET_PLUGIN("my_plugin", "1.0.0", MyPlugin)
