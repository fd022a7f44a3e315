// From one space of features into another.
#pragma once

#include <string>

#include <motet/sdk.hpp>

namespace motet::projector {

// What every projection has: features x, the same y in another space.
constexpr auto projection(const char* id, const char* summary, const char* example) {
  return stage_type(id, "projector")
      .summary(summary)
      .example(example)
      .in("x", "f32[..., D]", "features")
      .out("y", "f32[..., E]", "the same in the other space");
}

// y = x W^T + b: x f32[..., D], W (E, D), b (E); y f32[..., E].
class Linear {
 public:
  static constexpr auto type = projection("projector.linear", "Maps features into another space: y = x W^T + b.",
                                          "seen: {use: projector.linear, with: {weight: visual_projection.weight}, "
                                          "weights: clip, in: {x: encoder.pooled}}")
                                   .param<std::string>("weight", "name of the weight, (E, D)")
                                   .required()
                                   .param<std::string>("bias", "name of the bias, (E)");

  explicit Linear(const Params& p) : weight_(p.weight("weight", "E, D")), bias_(p.weight("bias", "E")) {}
  Tensor build(Builder& g, Tensor x) const {
    return g.linear(x, g.weight(weight_), bias_.empty() ? Tensor{} : g.weight(bias_));
  }

 private:
  std::string weight_;
  std::string bias_;
};

// y = activation(x U^T + a) V^T + b: x f32[..., D], U (H, D), V (E, H); y f32[..., E].
class Mlp {
 public:
  static constexpr auto type = projection("projector.mlp", "Maps features into another space through one hidden layer.",
                                          "seen: {use: projector.mlp, with: {up: fc1.weight, up_bias: fc1.bias, down: "
                                          "fc2.weight, down_bias: fc2.bias}, weights: model, in: {x: encoder}}")
                                   .param<std::string>("up", "name of the first weight, (H, D)")
                                   .required()
                                   .param<std::string>("up_bias", "name of the first bias, (H)")
                                   .param<std::string>("down", "name of the second weight, (E, H)")
                                   .required()
                                   .param<std::string>("down_bias", "name of the second bias, (E)")
                                   .param<std::string>("activation", "between the two")
                                   .otherwise("gelu")
                                   .choices("gelu", "gelu_tanh", "gelu_quick", "silu", "relu", "tanh");

  explicit Mlp(const Params& p)
      : up_(p.weight("up", "H, D")),
        up_bias_(p.weight("up_bias", "H")),
        down_(p.weight("down", "E, H")),
        down_bias_(p.weight("down_bias", "E")),
        activation_(p.string("activation")) {}
  Tensor build(Builder& g, Tensor x) const {
    const auto bias = [&](const std::string& name) { return name.empty() ? Tensor{} : g.weight(name); };
    const Tensor hidden = g.unary(g.linear(x, g.weight(up_), bias(up_bias_)), activation_);
    return g.linear(hidden, g.weight(down_), bias(down_bias_));
  }

 private:
  std::string up_, up_bias_, down_, down_bias_, activation_;
};

}  // namespace motet::projector
