// The parts of a transformer as operations: norms, linear maps, attention, feed-forward, one layer.
//
// The same layer is written in two forms. Batch: x f32[B, T, D], keys are the batch's own, `length` i32[B] of them
// count. Flat: x f32[N, D], N tokens of any mix of rows, keys and values live in a state.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <motet/sdk.hpp>

#include "transformer/configuration.hpp"

namespace motet::transformer {

struct Norm {
  Weight weight;
  Weight bias;
};

struct Linear {
  Weight weight;  // [out, in]
  Weight bias;    // [out], or absent
};

struct Layer {
  std::int64_t index = 0;
  Norm self_norm;
  Linear query, key, value, out;
  Norm feed_forward_norm;
  Linear up, gate, down;  // gate only where the family's feed-forward is gated
};

// Where the tokens of x stand. Batch form: `length` only (absent: all). Flat form: row and position.
struct Standing {
  Tensor length{};
  Tensor row{};
  Tensor position{};
  bool flat = false;
};

// Declares every layer's weights, "layers.<i>.self.query" and so on.
std::vector<Layer> declare_layers(const Negotiation& n, const Configuration& c);
Norm declare_norm(const Negotiation& n, const Configuration& c, const std::string& name);
Linear declare_linear(const Negotiation& n, const std::string& name, std::int64_t out, std::int64_t in, bool bias);

Tensor norm(Builder& g, const Configuration& c, const Norm& weights, Tensor x);
Tensor linear(Builder& g, const Linear& weights, Tensor x);

// What a decoder does between self-attention and feed-forward; empty: nothing.
using Between = std::function<Tensor(Tensor x)>;

// x of the layer before to x of this one.
Tensor layer(Builder& g, const Configuration& c, const Layer& weights, Tensor x, const Standing& standing,
             const Between& between = {});

}  // namespace motet::transformer
