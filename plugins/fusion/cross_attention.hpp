// fusion.cross_attention: lets the layers of a decoder look at another sequence.
#pragma once

#include <cstdint>
#include <string>

#include <motet/sdk.hpp>

namespace motet::fusion {

// y = x + out(attention(query(norm(x)), key(memory), value(memory))): x f32[N, D] of a step's tokens, memory f32[B, T,
// E], of which each row's length counts; no mask and no position. Keys and values depend on no step, so the engine
// computes them once an item.
class CrossAttention {
 public:
  static constexpr auto type =
      stage_type("fusion.cross_attention", "cross_attention")
          .summary("Dense cross-attention with its norm and residual, for a decoder's slot.")
          .example("cross_attention: {use: fusion.cross_attention, in: {memory: encoder}}")
          .in("x", "f32[N, D]", "the decoder's tokens", kFromCaller)
          .in("memory", "f32[B, T, E]", "what they look at")
          .out("y", "f32[N, D]", "x with what was seen added")
          .param<std::int64_t>("heads", "query heads; without it what the decoder's family says")
          .range(1, 4096)
          .param<std::int64_t>("kv_heads",
                               "key and value heads; without it what the decoder says, else as many as heads")
          .range(1, 4096)
          .param<std::int64_t>("head_dim", "components of a head; without it what the decoder says, else D / heads")
          .range(1, 65536)
          .param<std::string>("norm", "the norm before the query; without it the decoder's")
          .choices("layer", "rms", "none")
          .param<double>("eps", "what the norm adds to the variance; without it the decoder's, else 1e-5")
          .range(0, 1);

  explicit CrossAttention(const Params& params);
  void negotiate(Negotiation& n);
  Tensor build(Builder& g, Tensor x, Tensor memory) const;

 private:
  void choose(const Negotiation& n, std::int64_t width);
  Tensor normed(Builder& g, Tensor x) const;
  Tensor split_heads(Builder& g, Tensor x, std::int64_t heads) const;

  std::int64_t given_heads_, given_kv_heads_, given_head_dim_;  // 0: not given
  std::string given_norm_;
  double given_eps_;  // below 0: not given
  std::int64_t heads_ = 0, kv_heads_ = 0, head_dim_ = 0;
  std::string norm_;
  double eps_ = 1e-5;
  Weight norm_weight_, norm_bias_, query_, query_bias_, key_, key_bias_, value_, value_bias_, out_, out_bias_;
};

}  // namespace motet::fusion
