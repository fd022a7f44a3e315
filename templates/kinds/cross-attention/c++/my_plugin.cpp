// my_plugin: lets the layers of a decoder look at another sequence, as far as a learned gate opens.
#include <motet/sdk.hpp>

#include <cstdint>

// y = x + tanh(gate) * softmax(q k^T / sqrt(D)) v W^T of q = rms_norm(x) Q^T, k = memory K^T, v = memory V^T, one head:
// x f32[N, D] of a step's tokens, memory f32[B, T, E], y f32[N, D]. norm (D), query and out (D, D), key and value
// (D, E), gate (1): at 0 the decoder is what it was.
class MyPlugin {
 public:
  static constexpr auto type = motet::stage_type("my_plugin", "cross_attention")
                                   .summary("Cross-attention behind a gate, for a decoder's slot.")
                                   .example("cross_attention: {use: my_plugin, weights: mine, in: {memory: encoder}}")
                                   .in("x", "f32[N, D]", "the decoder's tokens", motet::kFromCaller)
                                   .in("memory", "f32[B, T, E]", "what they look at")
                                   .out("y", "f32[N, D]", "x with what was seen added");

  void negotiate(motet::Negotiation& n) {
    const motet::Spec x = n.input("x"), memory = n.input("memory");
    const motet::Dim width = x ? x[1] : n.fresh(), seen = memory ? memory[2] : n.fresh();
    norm_ = n.weight("norm", {width}, {.init = "ones"});
    query_ = n.weight("query", {width, width});
    key_ = n.weight("key", {width, seen});
    value_ = n.weight("value", {width, seen});
    out_ = n.weight("out", {width, width});
    gate_ = n.weight("gate", {1}, {.init = "zeros"});
    if (x) n.set_output("y", MOTET_F32, x.dims);
  }

  // N tokens of any mix of sequences: row() says whose each is, length_of(memory) how much of a row's memory counts.
  // Keys and values depend on no step, so Motet computes them once an item.
  motet::Tensor build(motet::Builder& g, motet::Tensor x, motet::Tensor memory) const {
    const std::int64_t count = g.size(x, 0), width = g.size(x, 1), rows = g.size(memory, 0), time = g.size(memory, 1);
    const motet::Tensor key = g.reshape(g.linear(memory, key_), {rows, time, 1, width});
    const motet::Tensor value = g.reshape(g.linear(memory, value_), {rows, time, 1, width});
    const motet::Tensor query = g.reshape(g.linear(g.rms_norm(x, {.weight = norm_}), query_), {count, 1, width});
    motet::Tensor length = g.length_of(memory);
    if (!length) length = g.fill({rows}, static_cast<double>(time), {.dtype = "i32"});  // all of each counts
    const motet::Tensor seen = g.attention(query, key, value, {.row = g.row(), .length = length});
    const motet::Tensor added = g.linear(g.reshape(seen, {count, width}), out_);
    return g.add(x, g.mul(added, g.tanh(g.weight(gate_))));
  }

 private:
  motet::Weight norm_, query_, key_, value_, out_, gate_;
};

MOTET_PLUGIN("my_plugin", "1.0.0", MyPlugin)
