// retrieval.similarity: how near vectors lie to others.
#pragma once

#include <string>

#include <motet/sdk.hpp>

namespace motet::retrieval {

// scores[i, j] = a[i] . b[j], with `normalize` the cosine, times exp(scale) where a scale is named: a f32[B, D],
// b f32[M, D]; scores f32[B, M], softmax f32[B, M] over each row.
class Similarity {
 public:
  static constexpr auto type =
      stage_type("retrieval.similarity", "retrieval")
          .summary("Compares each vector of one side with each of the other.")
          .example("match: {use: retrieval.similarity, in: {a: query, b: documents}}")
          .in("a", "f32[B, D]", "vectors")
          .in("b", "f32[M, D]", "vectors to compare with")
          .out("scores", "f32[B, M]", "their products; cosines of normalized vectors")
          .out("softmax", "f32[B, M]", "the scores as shares of 1")
          .param<bool>("normalize", "divide each vector by its length first")
          .otherwise("true")
          .param<std::string>("scale", "name of a weight with one number, whose exponential multiplies the scores");

  explicit Similarity(const Params& p) : normalize_(p.boolean("normalize")), scale_name_(p.string_or("scale", "")) {}
  void negotiate(Negotiation& n) {
    if (scale_name_.empty()) return;
    // Files keep a single number with no dimension or with one.
    scale_ = n.weight(scale_name_, {}, {.optional = true});
    if (!scale_) scale_ = n.weight(scale_name_, {1});
  }
  std::vector<Tensor> build(Builder& g, Tensor a, Tensor b) const {
    if (normalize_) {
      a = g.l2_normalize(a);
      b = g.l2_normalize(b);
    }
    Tensor scores = g.matmul(a, b, {.transpose_b = kTransposed});
    if (scale_) scores = g.mul(scores, g.unary(g.reshape(scale_, {1}), "exp"));
    return {scores, g.softmax(scores)};
  }

 private:
  bool normalize_;
  std::string scale_name_;
  Weight scale_;
};

}  // namespace motet::retrieval
