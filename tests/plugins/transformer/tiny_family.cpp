#include "tiny_family.hpp"

namespace motet::test {
namespace {

std::string boolean(bool value) { return value ? "true" : "false"; }
}  // namespace

std::string family_text(const Tiny& t) {
  const bool rope = t.position == "halves" || t.position == "interleaved";
  std::string out = "family: tiny\ncanonical:\n";
  const auto say = [&](const std::string& line) { out += "  " + line + "\n"; };
  say("layers: " + std::to_string(t.layers));
  say("width: size");
  say("heads: " + std::to_string(t.heads));
  say("kv_heads: {key: no_such_key, else: " + std::to_string(t.kv_heads) + "}");
  say("head_dim: " + std::to_string(t.head_dim));
  say("feed_forward: {width: " + std::to_string(t.inner) + ", gated: " + boolean(t.gated) +
      ", activation: act, biases: " + boolean(t.feed_bias) + "}");
  say(std::string("norm: {kind: ") + (t.rms ? "rms" : "layer") + ", place: " + (t.post ? "post" : "pre") +
      ", eps: 1.0e-5, biases: " + boolean(t.norm_bias) + "}");
  say(std::string("attention: {biases: ") + (!t.in_bias ? "none" : t.out_bias ? "all" : "query_key_value") + "}");
  say("position: {kind: " +
      (rope ? "rope, dims: " + std::to_string(t.turned) + ", theta: 100.0, layout: " + t.position : t.position) + "}");
  say("embedding_norm: " + boolean(t.embedding_norm));
  say("causal: " + boolean(t.causal));
  say("final_norm: " + boolean(t.final_norm));
  say("tie_head: " + boolean(!t.own_head));
  say("max_positions: " + std::to_string(t.positions));
  if (t.memory > 0) say("cross_layers: all");
  out += "weights:\n  huggingface:\n    prefix: [other., net.]\n    layer: block.{i}.\n";
  const auto lies = [&](const std::string& canonical, const std::string& name) {
    out += "    " + canonical + ": \"" + name + "\"\n    " + canonical + ".bias: \"" + name + ".b\"\n";
  };
  lies("embed", "embed");
  lies("position", "position");
  lies("embedding_norm", "embed.n");
  lies("final_norm", "last.n");
  lies("head", "head");
  for (const auto& [canonical, name] : std::map<std::string, std::string>{{"self_norm", "n1"},
                                                                          {"self.query", "q"},
                                                                          {"self.key", "k"},
                                                                          {"self.value", "v"},
                                                                          {"self.out", "o"},
                                                                          {"feed_forward_norm", "n2"},
                                                                          {"feed_forward.up", "up"},
                                                                          {"feed_forward.gate", "gate"},
                                                                          {"feed_forward.down", "down"}}) {
    lies(canonical, "{layer}" + name);
  }
  if (t.memory == 0) return out;
  for (const auto& [canonical, name] :
       std::map<std::string, std::string>{{"norm", "n"}, {"query", "q"}, {"key", "k"}, {"value", "v"}, {"out", "o"}}) {
    lies("cross_attention.{i}." + canonical, "{layer}cross." + name);
  }
  return out;
}

void write_model(const TemporaryFolder& folder, const Tiny& tiny, const std::map<std::string, Matrix>& weights) {
  std::map<std::string, Matrix> named;
  for (const auto& [name, matrix] : weights) {
    const bool layer = name.front() >= '0' && name.front() <= '9';
    named[(layer ? "net.block." : "net.") + name] = matrix;
  }
  folder.write("model.safetensors", safetensors(named));
  folder.write("config.json", "{\"size\": " + std::to_string(tiny.width) + ", \"act\": \"" +
                                  (tiny.activation == "gelu_tanh" ? "gelu_new" : tiny.activation) + "\"}");
  folder.write("family.yaml", family_text(tiny));
}

std::string encoder_pipeline() {
  return "motet: 1\nweights: {model: .}\ninputs: {ids: tokens}\nstages:\n"
         "  encoder: {use: encoder.transformer, with: {family: ./family.yaml}, weights: model, in: {x: inputs.ids}}\n"
         "outputs: {hidden: encoder.hidden, pooled: encoder.pooled}\n";
}

std::string decoder_pipeline(const Tiny& tiny, int max_tokens) {
  const bool crosses = tiny.memory > 0;
  return std::string("motet: 1\nweights: {model: .}\ninputs:\n  ids: tokens\n") +
         (crosses ? "  memory: \"f32[T, " + std::to_string(tiny.memory) + "]\"\n" : "") +
         "stages:\n  words:\n    use: decoder.transformer\n    with: {family: ./family.yaml, max_tokens: " +
         std::to_string(max_tokens) + "}\n    weights: model\n    in: {tokens: inputs.ids}\n" +
         (crosses ? "    slots:\n      cross_attention: {use: fusion.cross_attention, in: {memory: inputs.memory}}\n"
                  : "") +
         "outputs: {tokens: words.tokens}\n";
}

}  // namespace motet::test
