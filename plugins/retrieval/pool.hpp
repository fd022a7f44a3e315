// retrieval.pool: one vector of many.
#pragma once

#include <string>

#include <motet/sdk.hpp>

namespace motet::retrieval {

// x f32[B, T, D], of which each item's length counts, to y f32[B, D].
class Pool {
 public:
  static constexpr auto type =
      stage_type("retrieval.pool", "retrieval")
          .summary("Makes one vector of a sequence of them.")
          .example("embedding: {use: retrieval.pool, with: {pooling: mean, normalize: true}, in: {x: encoder}}")
          .in("x", "f32[B, T, D]", "a vector for each position", kRaggedPad)
          .out("y", "f32[B, D]", "one vector")
          .param<std::string>("pooling", "mean of all positions, the first one, or the largest of each component")
          .otherwise("mean")
          .choices("mean", "first", "max")
          .param<bool>("normalize", "divide by the vector's length")
          .otherwise("true");

  explicit Pool(const Params& p) : pooling_(p.string("pooling")), normalize_(p.boolean("normalize")) {}
  Tensor build(Builder& g, Tensor x) const {
    const Tensor one = pooling_ == "first" ? g.reshape(g.slice(x, 1, 0, 1), {g.size(x, 0), g.size(x, 2)})
                                           : g.reduce(x, pooling_, 1, {.length = g.length_of(x)});
    return normalize_ ? g.l2_normalize(one) : one;
  }

 private:
  std::string pooling_;
  bool normalize_;
};

}  // namespace motet::retrieval
