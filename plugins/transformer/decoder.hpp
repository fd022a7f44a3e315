// decoder.transformer: writes one token after another.
#pragma once

#include <string>
#include <vector>

#include <motet/sdk.hpp>

#include "transformer/family.hpp"
#include "transformer/layers.hpp"

namespace motet::transformer {

// A generator: the engine owns its loop, caches and sampling. Layers that the family names call the slot
// cross_attention (x f32[N, D] -> f32[N, D], with norm and residual inside); the slot merge puts other modalities'
// vectors among words.
class Decoder {
 public:
  static constexpr auto type =
      stage_type("decoder.transformer", "decoder")
          .summary("A transformer decoder that generates tokens; a family file says how its model is laid out.")
          .example(
              "answer: {use: decoder.transformer, with: {family: llama}, weights: mind, in: {tokens: ask}, slots: "
              "{text: {use: tokenizer, with: {file: model.gguf}}}}")
          .in("tokens", "tokens", "the prompt; not needed where the model has a token to start with", kOptional)
          .out("logits", "f32[W, V]", "scores of the next token")
          .out("tokens", "tokens", "the generated ids, without those that start and end", kStream)
          .out("text", "text", "the generated text, with the slot `text`", kStream)
          .param<std::string>("family", "name of a family, or path of a family file")
          .required()
          .param<std::int64_t>("max_tokens", "most tokens to generate; 0: as many as the model has positions for")
          .otherwise("0")
          .range(0, 1 << 30)
          .param<std::vector<std::string>>("stop", "texts that end the answer; they are no part of it")
          .slot("cross_attention", "cross_attention",
                "how layers look at another sequence, in families whose layers do")
          .slot("merge", "merge", "how vectors of other modalities enter among the words")
          .slot("sampler", "sampler", "how a token is chosen; without it the most likely one")
          .slot("text", "tokenizer", "makes text of tokens");

  explicit Decoder(const Params& params);
  void negotiate(Negotiation& n);
  Generation generation(const Call& call) const;
  Tensor build(Builder& g, const Step& step, Tensor prompt) const;

 private:
  void check_slots(const Negotiation& n) const;
  void offer_facts(const Negotiation& n) const;

  Family family_;
  std::int64_t max_tokens_;
  std::vector<std::string> stop_;
  std::int64_t vocabulary_ = 0;
  Weight embed_, position_, head_, head_bias_;
  Norm embedding_norm_, final_norm_;
  std::vector<Layer> layers_;
};

}  // namespace motet::transformer
