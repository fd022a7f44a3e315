#include "transformer/decoder.hpp"

#include <charconv>

namespace motet::transformer {
namespace {

constexpr const char* kCross = "cross_attention";

std::string text_of(double number) {
  char buffer[40];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, number).ptr};
}

// A filler may be negotiated after its owner, and so not be ready to be called yet; here only its presence matters.
bool is_filled(const Negotiation& n, const char* slot) {
  motet_filler filler{sizeof filler, nullptr, nullptr};
  return n.host->slot(n.call, slot, &filler) != MOTET_UNSUPPORTED;
}
}  // namespace

Decoder::Decoder(const Params& params)
    : family_(params.call(), params.string("family")),
      max_tokens_(params.integer("max_tokens")),
      stop_(params.has("stop") ? params.strings("stop") : std::vector<std::string>{}) {
  if (!family_.configuration().causal) {
    params.fail("family", "family " + family_.name() +
                              " is an encoder's (not causal): use encoder.transformer, or another family");
  }
  for (const std::string& text : stop_) {
    if (text.empty()) params.fail("stop", "holds an empty text, which would end every answer before its first word");
  }
}

void Decoder::check_slots(const Negotiation& n) const {
  const bool filled = is_filled(n, kCross);
  if (family_.configuration().crosses && !filled) {
    throw ParameterError("slots.cross_attention", "is empty, but family " + family_.name() +
                                                      " has layers that look at another sequence: fill it, as with "
                                                      "fusion.cross_attention and in: {memory: ENCODER}");
  }
  if (!family_.configuration().crosses && filled) {
    throw ParameterError("slots.cross_attention",
                         "is filled, but no layer of family " + family_.name() + " calls it: leave it out");
  }
  if (!stop_.empty() && !is_filled(n, "text"))
    throw ParameterError("slots.text", "is empty; texts that end an answer need a tokenizer there");
}

// What a filler must know of the model, so that the pipeline's author need not repeat it.
void Decoder::offer_facts(const Negotiation& n) const {
  const Configuration& c = family_.configuration();
  if (!c.crosses) return;
  n.offer(kCross, "heads", std::to_string(c.heads));
  n.offer(kCross, "kv_heads", std::to_string(c.kv_heads));
  n.offer(kCross, "head_dim", std::to_string(c.head_dim));
  n.offer(kCross, "norm.kind", c.norm.kind);
  n.offer(kCross, "norm.place", c.norm.place);
  n.offer(kCross, "norm.eps", text_of(c.norm.eps));
}

void Decoder::negotiate(Negotiation& n) {
  const Configuration& c = family_.configuration();
  check_slots(n);
  family_.tell_sources(n);
  offer_facts(n);
  embed_ = n.weight("embed", {n.fresh(), c.width});
  const Dim rows = embed_ ? embed_.spec[0] : Dim();
  vocabulary_ = rows.known() ? rows.size : 0;
  if (c.position.kind == "learned") position_ = n.weight("position", {n.fresh(), c.width});
  if (c.embedding_norm) embedding_norm_ = declare_norm(n, c, "embedding_norm");
  layers_ = declare_layers(n, c);
  if (c.final_norm) final_norm_ = declare_norm(n, c, "final_norm");
  // A file without a head of its own shares the embedding, whatever its configuration leaves unsaid.
  head_ = c.tie_head ? Weight{} : n.weight("head", {rows, c.width}, {.optional = true});
  head_bias_ = c.head_bias ? n.weight("head.bias", {rows}, {.init = "zeros"}) : Weight{};
  n.set_output("logits", MOTET_F32, {n.fresh(), rows});
}

Generation Decoder::generation(const Call&) const {
  const Configuration& c = family_.configuration();
  return {.start = static_cast<std::int32_t>(c.start),
          .stop = c.stop,
          .stop_strings = stop_,
          .vocabulary = vocabulary_,
          .max_positions = c.max_positions > 0 ? c.max_positions : std::int64_t{1} << 20,
          .max_tokens = max_tokens_};
}

Tensor Decoder::build(Builder& g, const Step& step, Tensor) const {
  const Configuration& c = family_.configuration();
  Tensor x = g.embedding(embed_, step.tokens);
  if (c.embedding_scale != 1) x = g.scale(x, c.embedding_scale);
  x = g.slot_or("merge", x, {x, step.feature});
  if (position_) x = g.add(x, g.embedding(position_, step.positions));
  if (c.embedding_norm) x = norm(g, c, embedding_norm_, x);
  const Standing standing{.row = step.row, .position = step.positions, .flat = true};
  for (const Layer& weights : layers_) {
    const Between cross = [&](Tensor y) { return g.slot(kCross, weights.index, {y}); };
    x = layer(g, c, weights, x, standing, c.crosses_in(weights.index) ? cross : Between());
  }
  x = g.take_rows(x, step.want);
  if (c.final_norm) x = norm(g, c, final_norm_, x);
  return g.linear(x, head_ ? head_ : embed_, head_bias_);
}

}  // namespace motet::transformer
