// A plugin as an author writes it: one stage of each kind, for the SDK's tests.
#include <motet/sdk.hpp>

#include <algorithm>
#include <cctype>
#include <numeric>

namespace {

struct Linear {
  static constexpr auto type = motet::stage_type("test.linear", "projector")
                                   .summary("y = x W^T + b.")
                                   .in("x", "f32[..., D]")
                                   .out("y", "f32[..., E]")
                                   .param<std::string>("weight", "name of the weight, (E, D)")
                                   .required()
                                   .param<std::string>("bias", "name of the bias, (E)");
  std::string weight, bias;
  explicit Linear(const motet::Params& p) : weight(p.weight("weight", "E, D")), bias(p.weight("bias", "E")) {}
  motet::Tensor build(motet::Builder& g, motet::Tensor x) const {
    return g.linear(x, g.weight(weight), bias.empty() ? motet::Tensor{} : g.weight(bias));
  }
};

// Every parameter kind, errors, optional inputs, several outputs.
struct Describe {
  static constexpr auto type =
      motet::stage_type("test.describe", "text")
          .summary("Says what it got.")
          .example("described: {use: test.describe, in: {text: inputs.text}}")
          .in("text", "text")
          .in("sound", "audio", "may be left open", motet::kOptional)
          .out("text", "text")
          .out("same", "text")
          .param<bool>("loud", "")
          .otherwise("false")
          .param<std::int64_t>("count", "how often")
          .otherwise("1")
          .range(1, 9)
          .param<double>("factor", "")
          .param<std::string>("mode", "")
          .otherwise("plain")
          .choices("plain", "fail", "item", "standard", "odd", "cancel", "misread", "undeclared")
          .param<motet::Path>("file", "")
          .param<std::vector<std::string>>("words", "")
          .serial()
          .impure();
  bool loud;
  std::int64_t count;
  std::string mode, words;
  explicit Describe(const motet::Params& p)
      : loud(p.boolean("loud")), count(p.integer("count")), mode(p.string("mode")) {
    if (p.has("words")) {
      for (const std::string& word : p.strings("words")) words += "+" + word;
    }
    if (p.has("file")) words += "@" + p.open("file").root().at("family").string_or("none");
    if (p.number_or("factor", 0) < 0) p.fail("factor", "must not be negative");
    if (mode == "misread") mode = p.string("count");
    if (mode == "undeclared") count = p.integer("cuont");
  }
  std::tuple<motet::Text, motet::Value> process(const motet::Call& call, const motet::Text& text,
                                                const std::optional<motet::Audio>& sound) const {
    if (mode == "fail") throw motet::ParameterError("with.mode", "asked to fail");
    if (mode == "item") throw motet::ItemError("no such item", "in.text");
    if (mode == "standard") throw std::runtime_error("a plain exception");
    if (mode == "odd") throw 7;
    if (mode == "cancel") call.throw_if_cancelled();
    call.progress(1, 1);
    const auto letters = call.scratch<char>(text.text().size());
    std::transform(text.text().begin(), text.text().end(), letters.begin(),
                   [&](unsigned char c) { return static_cast<char>(loud ? std::toupper(c) : c); });
    std::string out;
    for (std::int64_t i = 0; i < count; ++i) out += std::string(letters.data(), letters.size());
    if (sound) out += "~" + std::to_string(sound->frames());
    return {call.text(out + words), text};
  }
};

// Values in and out of every kind that a plugin can make.
struct Values {
  static constexpr auto type = motet::stage_type("test.values", "x")
                                   .in("list", "text[]", "", motet::kWholeList)
                                   .out("tokens", "tokens")
                                   .out("tensor", "f32[N]")
                                   .out("audio", "audio")
                                   .out("image", "image")
                                   .out("list", "text[]");
  std::vector<motet::Value> process(const motet::Call& call, const motet::List& list) const {
    std::vector<std::int32_t> ids(list.size());
    std::iota(ids.begin(), ids.end(), 10);
    const std::vector<std::int32_t> segments(ids.size(), 1);
    motet::NewTensor tensor = call.tensor(MOTET_F32, {static_cast<std::int64_t>(list.size())});
    for (std::size_t i = 0; i < list.size(); ++i)
      tensor.floats()[i] = static_cast<float>(list.text_at(i).text().size());
    const float samples[] = {0.5f, -0.5f};
    const std::uint8_t pixels[] = {1, 2, 3};
    const std::vector<motet::Value> reversed{list.at(list.size() - 1), list.at(0)};
    return {call.tokens({.ids = ids, .type_ids = segments}), tensor, call.audio(samples, 1, 16000),
            call.image(pixels, 1, 1, 3), call.list(reversed)};
  }
};

struct Decoder {
  static constexpr auto type = motet::stage_type("test.decoder", "decoder")
                                   .summary("One layer.")
                                   .in("tokens", "tokens")
                                   .out("logits", "f32[W, V]")
                                   .out("tokens", "tokens", "", motet::kStream)
                                   .param<std::string>("family", "")
                                   .required()
                                   .slot("cross_attention", "cross_attention", "after the layer")
                                   .required()
                                   .slot("text", "tokenizer");
  std::int64_t heads;
  motet::Weight embed, query, absent;
  explicit Decoder(const motet::Params& p) {
    const motet::Document family = p.call().open("family:" + p.string("family"), "with.family");
    heads = family.root().at("canonical").at("heads").integer();
    if (p.call().weights_format().value_or("") == "gguf") p.call().weight_source("query", "attn_qkv.weight", 0, 3);
  }
  void negotiate(motet::Negotiation& n) {
    embed = n.weight("embed", {n.fresh(), n.fresh()});
    query = n.weight("query", {embed.spec[1], embed.spec[1]}, {.init = "xavier"});
    absent = n.weight("bias", {embed.spec[1]}, {.optional = true});
    n.offer("cross_attention", "heads", std::to_string(heads));
    n.set_output("logits", MOTET_F32, {n.fresh(), embed.spec[0]});
  }
  motet::Generation generation(const motet::Call& call) const {
    const auto text = call.slot("text");
    return {.start = 1,
            .stop = {2, text ? text->token_id("<stop>").value_or(-1) : -1},
            .stop_strings = {"\n"},
            .vocabulary = embed.spec[0].size,
            .max_positions = 64};
  }
  motet::Tensor build(motet::Builder& g, const motet::Step& s, motet::Tensor) const {
    const std::int64_t width = embed.spec[1].size;
    motet::Tensor x = g.embedding(embed, s.tokens);
    {
      const auto scope = g.scope("layers.0");
      const motet::State past = g.state("self", motet::State::append, {heads, width / heads});
      const motet::Tensor q = g.rope(g.reshape(g.linear(x, query, absent), {-1, heads, width / heads}), width / heads,
                                     {.position = s.positions, .layout = "interleaved"});
      x = g.add(x, g.reshape(g.attention(q, q, q, {.past = past, .row = s.row, .position = s.positions}), {-1, width}));
      x = g.slot("cross_attention", 0, {x});
    }
    return g.linear(g.take_rows(g.layer_norm(x, {.eps = 1e-6}), s.want), embed);
  }
};

struct Letters {
  static constexpr auto type =
      motet::stage_type("test.letters", "tokenizer").in("text", "text").out("tokens", "tokens");
  motet::Tokens encode(const motet::Call& call, std::string_view text, bool add_special) const {
    std::vector<std::int32_t> ids(add_special ? 1 : 0, 0);
    for (const char c : text) {
      if (c == '!') throw motet::ItemError("no token for '!'");
      ids.push_back(c);
    }
    return call.tokens({.ids = ids});
  }
  motet::Text decode(const motet::Call& call, std::span<const std::int32_t> ids, bool skip_special) const {
    std::string text;
    for (const std::int32_t id : ids) {
      if (id != 0 || !skip_special) text += static_cast<char>(id == 0 ? '^' : id);
    }
    return call.text(text);
  }
  std::int32_t token_id(std::string_view token) const {
    return token == "<stop>" ? 3 : token.size() == 1 ? token[0] : -1;
  }
  motet::Tokens process(const motet::Call& call, const motet::Text& text) const {
    return encode(call, text.text(), true);
  }
};

struct Last {
  static constexpr auto type =
      motet::stage_type("test.last", "sampler").param<double>("temperature", "").otherwise("0").range(0, 2).seeded();
  bool temperature;
  explicit Last(const motet::Params& p) : temperature(p.number("temperature") > 0) {}
  bool greedy() const { return !temperature; }
  std::int32_t sample(const motet::Call&, const motet::Sampling& s) const {
    return static_cast<std::int32_t>((s.history.size() + s.step) % s.logits.size());
  }
};

// Uses the tokenizer in its slot.
struct Prompt {
  static constexpr auto type = motet::stage_type("test.prompt", "prompt")
                                   .in("user", "text")
                                   .out("tokens", "tokens")
                                   .slot("text", "tokenizer")
                                   .required();
  motet::Tokens process(const motet::Call& call, const motet::Text& user) const {
    const auto text = call.slot("text");
    if (!text) throw motet::ParameterError("slots.text", "is empty");
    return text->encode("<" + std::string(user.text()) + ">", false);
  }
};

struct Pair {
  static constexpr auto type = motet::stage_type("test.pair", "x")
                                   .in("a", "f32[B, D]")
                                   .in("b", "f32[B, D]", "", motet::kOptional)
                                   .out("sum", "f32[B, D]")
                                   .out("best", "i32[B, 2]");
  std::vector<motet::Tensor> build(motet::Builder& g, std::span<const motet::Tensor> in) const {
    const motet::Tensor sum = in[1] ? g.add(in[0], in[1]) : in[0];
    return {g.concat({sum, g.scale(sum, 2)}, 1), g.top_k(sum, 2).indices};
  }
};

}  // namespace

MOTET_PLUGIN("sdk-test", "0.1.0", Linear, Describe, Values, Decoder, Letters, Last, Prompt, Pair)
