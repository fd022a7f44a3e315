// my_plugin: features into another space, through a gate: y = (x U^T) * sigmoid(x G^T).
#include <motet/sdk.hpp>

#include <string>

// x f32[..., D], U and G (E, D), y f32[..., E]. Letters that are equal are sizes that are equal, also those of weights:
// D comes from what is connected, E from the file, and Motet refuses what does not fit before anything runs.
class MyPlugin {
 public:
  static constexpr auto type = motet::stage_type("my_plugin", "projector")
                                   .summary("Maps features into another space through a gate.")
                                   .example("seen: {use: my_plugin, weights: mine, in: {x: encoder.pooled}}")
                                   .in("x", "f32[..., D]", "features")
                                   .out("y", "f32[..., E]", "the same in the other space");

  explicit MyPlugin(const motet::Params& p) : up_(p.declare("up", "E, D")), gate_(p.declare("gate", "E, D")) {}

  // Writes operations and never sees data: Motet joins them with those of the neighbours and runs them on any device.
  motet::Tensor build(motet::Builder& g, motet::Tensor x) const {
    const motet::Tensor open = g.sigmoid(g.linear(x, g.weight(gate_)));
    return g.mul(g.linear(x, g.weight(up_)), open);
  }

 private:
  std::string up_, gate_;  // names in the weights' file
};

MOTET_PLUGIN("my_plugin", "1.0.0", MyPlugin)
