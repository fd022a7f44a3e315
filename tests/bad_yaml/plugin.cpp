// Stage types for mistakes that none of Motet's own can show. The cases whose names begin with plugin_ have them.
#include <motet/sdk.hpp>

namespace {

// Has the name of another plugin's.
struct Waveform {
  static constexpr auto type = motet::stage_type("audio.waveform", "audio").in("audio", "audio").out("y", "text");
  motet::Text process(const motet::Call& call, const motet::Audio&) const { return call.text(""); }
};

// Reads a third of a weight whose four rows make no thirds.
struct Split {
  static constexpr auto type =
      motet::stage_type("test.split", "projector").in("x", "f32[..., D]").out("y", "f32[..., E]");
  motet::Weight query;
  void negotiate(motet::Negotiation& n) {
    n.weight_source("query", "narrow.weight", 0, 3);
    query = n.weight("query", {n.fresh(), n.input(0)[-1]});
  }
  motet::Tensor build(motet::Builder& g, motet::Tensor x) const { return g.linear(x, query); }
};

// Answers with a size that no tensor has.
struct Negative {
  static constexpr auto type =
      motet::stage_type("test.negative", "projector").in("x", "f32[..., D]").out("y", "f32[..., E]");
  void negotiate(motet::Negotiation& n) { n.set_output(0, {MOTET_F32, {n.input(0)[0], -2}}); }
  motet::Tensor build(motet::Builder&, motet::Tensor x) const { return x; }
};

}  // namespace

MOTET_PLUGIN("bad-yaml", "1.0.0", Waveform, Split, Negative)
