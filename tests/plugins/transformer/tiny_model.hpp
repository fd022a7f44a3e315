// Small models with made-up weights: written as safetensors, and computed once more in double precision.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace motet::test {

struct Matrix {  // row-major; one row for vectors
  std::int64_t rows = 0, columns = 0;
  std::vector<double> data;
  double at(std::int64_t row, std::int64_t column) const {
    return data[static_cast<std::size_t>(row * columns + column)];
  }
  double& at(std::int64_t row, std::int64_t column) { return data[static_cast<std::size_t>(row * columns + column)]; }
};
Matrix zeros(std::int64_t rows, std::int64_t columns);

// What a model of this test is; the words are this test's own, not the plugin's.
struct Tiny {
  int layers = 2, width = 12, heads = 4, kv_heads = 2, head_dim = 4, inner = 10, words = 23, positions = 40;
  bool rms = false, post = false, gated = false, causal = false, final_norm = true;
  bool norm_bias = true, in_bias = true, out_bias = true, feed_bias = true, embedding_norm = false;
  std::string activation = "gelu";  // gelu, gelu_tanh, silu
  std::string position = "none";    // none, learned, halves, interleaved
  int turned = 4;                   // of rope
  double theta = 100, eps = 1e-5;
  int memory = 0;  // components of a memory that each layer looks at; 0: none
  bool own_head = false;
};

// Weights by the names that `Tiny` uses: "embed", "0.q", "0.q.b", "0.cross.q" ...; f32 values, numbered from a seed.
std::map<std::string, Matrix> made_weights(const Tiny& tiny, std::uint32_t seed);

// [T, width] of one sequence. `memory` [S, tiny.memory] where the layers look at one.
Matrix hidden(const Tiny& tiny, const std::map<std::string, Matrix>& weights, const std::vector<std::int32_t>& ids,
              const Matrix& memory = {});
// The greedy continuation, without a token that ends it.
std::vector<std::int32_t> greedy(const Tiny& tiny, const std::map<std::string, Matrix>& weights,
                                 std::vector<std::int32_t> ids, int count, const Matrix& memory = {});

// A safetensors file of f32 tensors. Those in `as_vectors` (one row) are written with one dimension.
std::string safetensors(const std::map<std::string, Matrix>& tensors);

}  // namespace motet::test
