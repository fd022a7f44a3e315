#include "transformer/encoder.hpp"

#include <cstdio>

namespace motet::transformer {
namespace {

std::string with_time(std::int64_t count, const Limits& limits) {
  std::string out = std::to_string(count) + " " + limits.unit;
  if (limits.per_second <= 0) return out;
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, " (%.3g s)", static_cast<double>(count) / limits.per_second);
  return out + seconds;
}
}  // namespace

Encoder::Encoder(const Params& params) : family_(params.call(), params.string("family")) {
  if (family_.configuration().crosses) {
    params.fail("family",
                "family " + family_.name() +
                    " has layers that cross to another sequence: that is a decoder's, use decoder.transformer");
  }
}

Encoder::Takes Encoder::taken(const Spec& input) const {
  const Configuration& c = family_.configuration();
  if (input.dtype == MOTET_I32) {
    if (!c.stem.empty())
      throw ParameterError("in.x", "family " + family_.name() + " hears a signal, f32[B, S]; tokens are connected");
    return Takes::tokens;
  }
  if (input.rank() == 3) return Takes::vectors;
  if (c.stem.empty())
    throw ParameterError("in.x",
                         "family " + family_.name() + " takes tokens or vectors; a signal f32[B, S] is connected");
  return Takes::signal;
}

// Returns the channels that leave the stem.
std::int64_t Encoder::declare_stem(const Negotiation& n, std::int64_t channels) {
  stem_.clear();
  const Configuration& c = family_.configuration();
  for (std::size_t i = 0; i < c.stem.size(); ++i) {
    const StemStep& step = c.stem[i];
    const std::string name = "stem." + std::to_string(i);
    StemWeights made;
    if (step.kind == "conv1d") {
      made.weights.weight = n.weight(name, {n.fresh(), channels / step.groups, n.fresh()});
      if (made.weights.weight && made.weights.weight.spec[0].known()) channels = made.weights.weight.spec[0].size;
    } else {
      made.weights.weight = n.weight(name, {channels}, {.init = "ones"});
    }
    if (step.biases) made.weights.bias = n.weight(name + ".bias", {channels}, {.init = "zeros"});
    stem_.push_back(std::move(made));
  }
  return channels;
}

void Encoder::negotiate(Negotiation& n) {
  const Configuration& c = family_.configuration();
  const Spec input = n.input("x");
  takes_ = input ? taken(input) : Takes::tokens;
  family_.tell_sources(n);
  if (takes_ == Takes::tokens) {
    embed_ = n.weight("embed", {n.fresh(), c.width});
  } else if (!c.stem.empty()) {
    const std::int64_t channels = takes_ == Takes::signal ? 1 : input[2].size;
    if (declare_stem(n, channels) != c.width) {
      const std::string what =
          "the stem of family " + family_.name() + " does not end with the model's width of " + std::to_string(c.width);
      if (takes_ == Takes::signal) throw ParameterError("with.family", what);
      throw ParameterError("in.x", what + " where vectors have " + std::to_string(channels) + " components");
    }
  } else if (input[2].known() && input[2].size != c.width) {
    throw ParameterError("in.x", "the vectors have " + std::to_string(input[2].size) + " components, the model wants " +
                                     std::to_string(c.width));
  }
  if (c.position.kind == "learned") position_ = n.weight("position", {n.fresh(), c.width});
  if (c.token_types > 0 && takes_ == Takes::tokens) token_type_ = n.weight("token_type", {c.token_types, c.width});
  if (c.embedding_norm) embedding_norm_ = declare_norm(n, c, "embedding_norm");
  layers_ = declare_layers(n, c);
  if (c.final_norm) final_norm_ = declare_norm(n, c, "final_norm");
  const Dim batch = input ? input[0] : n.fresh();
  const Dim time = input && c.stem.empty() ? input[1] : n.fresh();
  n.set_output("hidden", MOTET_F32, {batch, time, c.width});
  n.set_output("pooled", MOTET_F32, {batch, c.width});
}

bool Encoder::within_limits(Builder& g, Tensor x) const {
  const Limits& limits = family_.configuration().limits;
  const std::int64_t count = g.size(x, 1);
  if (limits.least > 0 && count < limits.least) {
    g.fail("the input has " + with_time(count, limits) + ", too short for this model: it needs at least " +
           with_time(limits.least, limits));
    return false;
  }
  if (limits.most > 0 && count > limits.most) {
    g.fail("the input has " + with_time(count, limits) + ", longer than this model can take: at most " +
           with_time(limits.most, limits) + "; cut it into shorter pieces");
    return false;
  }
  return true;
}

Tensor Encoder::embedded(Builder& g, Tensor tokens) const {
  const Configuration& c = family_.configuration();
  Tensor x = g.embedding(embed_, tokens);
  if (c.embedding_scale != 1) x = g.scale(x, c.embedding_scale);
  // One text is one segment, the first.
  if (token_type_) x = g.add(x, g.embedding(token_type_, g.fill({1}, 0, {.dtype = "i32"})));
  return x;
}

Tensor Encoder::through_stem(Builder& g, Tensor x) const {
  const Configuration& c = family_.configuration();
  if (takes_ == Takes::signal) x = g.reshape(x, {g.size(x, 0), g.size(x, 1), 1});
  for (std::size_t i = 0; i < stem_.size(); ++i) {
    const Scope scope = g.scope("stem." + std::to_string(i));
    const StemStep& step = c.stem[i];
    const Linear& weights = stem_[i].weights;
    if (step.kind == "conv1d") {
      x = g.conv1d(x, weights.weight,
                   {.bias = weights.bias,
                    .stride = step.stride,
                    .padding = step.padding,
                    .dilation = step.dilation,
                    .groups = step.groups});
    } else {
      x = g.group_norm(x, step.groups, {.weight = weights.weight, .bias = weights.bias, .eps = step.eps});
    }
    if (!step.activation.empty()) x = g.unary(x, step.activation);
  }
  return x;
}

Tensor Encoder::pooled(Builder& g, Tensor hidden, Tensor length) const {
  const std::string& pooling = family_.configuration().pooling;
  if (pooling == "first") return g.reshape(g.slice(hidden, 1, 0, 1), {g.size(hidden, 0), g.size(hidden, 2)});
  return g.reduce(hidden, pooling, 1, {.length = length});
}

std::vector<Tensor> Encoder::build(Builder& g, Tensor x) const {
  const Configuration& c = family_.configuration();
  const Tensor poison{MOTET_POISON};
  if (!within_limits(g, x)) return {poison, poison};
  // A stem changes the number of positions; only inputs of equal length share its batch, so all of them count.
  const Tensor length = c.stem.empty() ? g.length_of(x) : Tensor{};
  x = takes_ == Takes::tokens ? embedded(g, x) : through_stem(g, x);
  const std::int64_t positions = g.size(x, 1);
  if (c.max_positions > 0 && positions > c.max_positions && c.position.kind == "learned") {
    g.fail("the input is longer than the " + std::to_string(c.max_positions) +
           " positions that this model knows: truncate it");
    return {poison, poison};
  }
  if (position_) x = g.add(x, g.embedding(position_, g.iota({positions})));
  if (c.embedding_norm) x = norm(g, c, embedding_norm_, x);
  for (const Layer& weights : layers_) x = layer(g, c, weights, x, {.length = length});
  if (c.final_norm) x = norm(g, c, final_norm_, x);
  return {x, pooled(g, x, length)};
}

}  // namespace motet::transformer
