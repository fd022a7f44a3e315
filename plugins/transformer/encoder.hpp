// encoder.transformer: tokens, a waveform or vectors to one vector a position.
#pragma once

#include <span>
#include <vector>

#include <motet/sdk.hpp>

#include "transformer/family.hpp"
#include "transformer/layers.hpp"

namespace motet::transformer {

// x: tokens i32[B, T], a signal f32[B, S] (through the family's stem), or vectors f32[B, T, C] (through the stem, or as
// they are with C = D). hidden f32[B, T', D]; pooled f32[B, D] over the positions that count.
class Encoder {
 public:
  static constexpr auto type =
      stage_type("encoder.transformer", "encoder")
          .summary("A transformer encoder; a family file says how its model is laid out.")
          .example("encoder: {use: encoder.transformer, with: {family: bert}, weights: model, in: {x: words}}")
          .in("x", "tokens|f32[B, S]|f32[B, T, C]", "tokens, a waveform, or vectors, as the family takes them",
              kRaggedExact)
          .out("hidden", "f32[B, T, D]", "a vector for each position")
          .out("pooled", "f32[B, D]", "one vector, pooled as the family says")
          .param<std::string>("family", "name of a family, or path of a family file")
          .required();

  explicit Encoder(const Params& params);
  void negotiate(Negotiation& n);
  std::vector<Tensor> build(Builder& g, Tensor x) const;

 private:
  struct StemWeights {
    Linear weights;  // of a convolution [out, in, kernel], or a norm [channels]
  };
  enum class Takes { tokens, signal, vectors };

  Takes taken(const Spec& input) const;
  std::int64_t declare_stem(const Negotiation& n, std::int64_t channels);
  Tensor embedded(Builder& g, Tensor tokens) const;
  Tensor through_stem(Builder& g, Tensor x) const;
  bool within_limits(Builder& g, Tensor x) const;
  Tensor pooled(Builder& g, Tensor hidden, Tensor length) const;

  Family family_;
  Takes takes_ = Takes::tokens;
  Weight embed_, position_, token_type_;
  Norm embedding_norm_, final_norm_;
  std::vector<StemWeights> stem_;
  std::vector<Layer> layers_;
};

}  // namespace motet::transformer
