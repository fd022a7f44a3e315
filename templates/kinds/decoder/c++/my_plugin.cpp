// my_plugin: writes one token after another, each of which looks at all before it.
#include <motet/sdk.hpp>

#include <cstdint>

// logits = (rms_norm(e + softmax(q k^T / sqrt(D)) v) * norm) H^T of e = embed[token], q = rope(e Q^T), k = rope(e K^T),
// v = e V^T, one head. embed and head H (V, D); query, key and value (D, D); norm (D); D is even.
class MyPlugin {
 public:
  static constexpr auto type =
      motet::stage_type("my_plugin", "decoder")
          .summary("Generates tokens through one layer of self-attention.")
          .example("answer: {use: my_plugin, weights: mine, in: {tokens: words.ids}}")
          .in("tokens", "tokens", "the prompt; without one, the token 1", motet::kOptional)
          .out("logits", "f32[W, V]", "scores of the next token")
          .out("tokens", "tokens", "the generated ids, without the one that ends", motet::kStream)
          .out("text", "text", "the generated text, with the slot `text`", motet::kStream)
          .param<std::int64_t>("max_tokens", "most tokens to generate; 0: as many as there are positions for")
          .otherwise("0")
          .range(0, 1 << 20)
          .slot("sampler", "sampler", "how a token is chosen; without it the most likely one")
          .slot("text", "tokenizer", "makes text of tokens");

  explicit MyPlugin(const motet::Params& p) : max_tokens_(p.integer("max_tokens")) {}

  void negotiate(motet::Negotiation& n) {
    embed_ = n.weight("embed", {n.fresh(), n.fresh()});
    const motet::Dim width = embed_ ? embed_.spec[1] : n.fresh();
    if (width.known() && width.size % 2 != 0) throw motet::ParameterError("weights.embed", "must have even rows");
    query_ = n.weight("query", {width, width});
    key_ = n.weight("key", {width, width});
    value_ = n.weight("value", {width, width});
    norm_ = n.weight("norm", {width});
    head_ = n.weight("head", {embed_ ? embed_.spec[0] : n.fresh(), width});
    n.set_output("logits", MOTET_F32, {n.fresh(), embed_ ? embed_.spec[0] : n.fresh()});
  }

  // What Motet's loop must know. It batches, samples, streams and stops; no decoder writes that loop again.
  motet::Generation generation(const motet::Call&) const {
    return {.start = 1,
            .stop = {0},
            .vocabulary = embed_ ? embed_.spec[0].size : 0,
            .max_positions = 4096,
            .max_tokens = max_tokens_};
  }

  // One step: N tokens of any mix of sequences, a prompt's or the next ones. The state holds each sequence's earlier
  // keys and values; attention adds this step's to it.
  motet::Tensor build(motet::Builder& g, const motet::Step& step, motet::Tensor) const {
    const motet::Tensor x = g.embedding(embed_, step.tokens);
    const std::int64_t count = g.size(x, 0), width = g.size(x, 1);
    const auto head = [&](const motet::Weight& w) { return g.reshape(g.linear(x, w), {count, 1, width}); };
    const motet::Tensor query = g.rope(head(query_), width, {.position = step.positions});
    const motet::Tensor key = g.rope(head(key_), width, {.position = step.positions});
    const motet::State past = g.state("past", motet::State::append, {1, width});
    const motet::Tensor seen =
        g.attention(query, key, head(value_), {.past = past, .row = step.row, .position = step.positions});
    const motet::Tensor hidden = g.take_rows(g.add(x, g.reshape(seen, {count, width})), step.want);
    return g.linear(g.rms_norm(hidden, {.weight = norm_}), head_);
  }

 private:
  std::int64_t max_tokens_;
  motet::Weight embed_, query_, key_, value_, norm_, head_;
};

MOTET_PLUGIN("my_plugin", "1.0.0", MyPlugin)
