// What a transformer is made of, in one vocabulary for all models. A family file fills it from a model's own words.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace motet::transformer {

struct FeedForward {
  std::int64_t width = 0;
  bool gated = false;  // down(activation(gate x) * up x), else down(activation(up x))
  std::string activation = "gelu";
  bool biases = true;
};

struct NormKind {
  std::string kind = "layer";  // layer, rms
  std::string place = "pre";   // pre: x + f(norm x); post: norm(x + f(x))
  double eps = 1e-5;
  bool biases = true;
};

struct Position {
  std::string kind = "none";      // rope, learned, none
  std::string layout = "halves";  // of rope: halves, interleaved
  double theta = 10000;
  std::int64_t dims = 0;  // components of a head that rope turns
};

// One step of what turns a raw signal into vectors.
struct StemStep {
  std::string kind;  // conv1d, group_norm
  std::int64_t stride = 1, padding = 0, dilation = 1, groups = 1;
  double eps = 1e-5;
  bool biases = true;
  std::string activation;  // empty: none
};

// Lengths of an input that the model takes; 0: no limit.
struct Limits {
  std::int64_t least = 0;
  std::int64_t most = 0;
  std::string unit = "positions";
  double per_second = 0;  // of them; 0: no time
};

struct Configuration {
  std::int64_t layers = 0;
  std::int64_t width = 0;
  std::int64_t heads = 0;
  std::int64_t kv_heads = 0;
  std::int64_t head_dim = 0;
  FeedForward feed_forward;
  NormKind norm;
  std::string attention_biases = "none";  // none, query_key_value, all
  Position position;
  std::int64_t token_types = 0;  // rows of their table; 0: none
  bool embedding_norm = false;
  double embedding_scale = 1;
  bool causal = false;
  bool final_norm = true;
  bool tie_head = false;
  bool head_bias = false;
  bool crosses = false;                    // some layers call the slot cross_attention
  std::vector<std::int64_t> cross_layers;  // which; empty with `crosses`: all
  std::vector<StemStep> stem;              // empty: the input is tokens, or vectors as they are
  std::string pooling = "mean";            // of `pooled`: mean, first, max
  std::int64_t max_positions = 0;          // 0: no limit
  std::int64_t start = -1;
  std::vector<std::int32_t> stop;
  Limits limits;

  bool crosses_in(std::int64_t layer) const {
    if (!crosses) return false;
    for (std::int64_t one : cross_layers) {
      if (one == layer) return true;
    }
    return cross_layers.empty();
  }
};

}  // namespace motet::transformer
