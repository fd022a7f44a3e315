// A plugin whose stages need no weights and whose answers can be worked out by hand: for tests of graph, lower and
// runtime. The decoder counts: after token t comes t + 1, and 9 ends a sequence.
#include <motet/sdk.hpp>

#include <chrono>
#include <thread>

namespace {

using motet::Builder;
using motet::Call;
using motet::Tensor;

struct Upper {
  static constexpr auto type =
      motet::stage_type("little.upper", "text").summary("Capital letters.").in("text", "text").out("text", "text");
  motet::Text process(const Call& call, const motet::Text& text) const {
    std::string out(text.text());
    if (out.find("bad") != std::string::npos) throw motet::ItemError("the text is bad");
    // Works on "patience" until it is told to stop, or gives up after a while.
    for (int ms = 0; out == "patience" && ms < 20000; ++ms) {
      call.throw_if_cancelled();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    return call.text(out);
  }
};

struct Codes {
  static constexpr auto type = motet::stage_type("little.codes", "numbers")
                                   .summary("A text's bytes as numbers.")
                                   .in("text", "text")
                                   .out("codes", "f32[S]");
  motet::NewTensor process(const Call& call, const motet::Text& text) const {
    motet::NewTensor out = call.tensor(MOTET_F32, {static_cast<std::int64_t>(text.text().size())});
    for (std::size_t i = 0; i < text.text().size(); ++i) out.floats()[i] = static_cast<float>(text.text()[i]);
    return out;
  }
};

struct Encode {  // hidden[b, s] = (x[b, s], 1); pooled: the mean of x over the item's own length
  static constexpr auto type = motet::stage_type("little.encode", "encoder")
                                   .summary("Two features a number.")
                                   .in("x", "f32[B, S]", "", motet::kRaggedPad)
                                   .out("hidden", "f32[B, S, 2]")
                                   .out("pooled", "f32[B, 1]");
  std::vector<Tensor> build(Builder& g, Tensor x) const {
    const std::int64_t batch = g.size(x, 0), size = g.size(x, 1);
    const Tensor column = g.reshape(x, {batch, size, 1});
    return {g.concat({column, g.fill({batch, size, 1}, 1.0)}, -1),
            g.reduce(column, "mean", 1, {.length = g.length_of(x)})};
  }
};

struct Around {  // what fills its slot makes of x
  static constexpr auto type = motet::stage_type("little.around", "encoder")
                                   .summary("Hands on what its slot makes.")
                                   .in("x", "f32[B, S, 2]")
                                   .out("y", "f32[B, S, 2]")
                                   .slot("inside", "adder");
  Tensor build(Builder& g, Tensor x) const { return g.slot("inside", 0, {x}); }
};

struct Add {  // x + each + every, the last the same for all of an item
  static constexpr auto type = motet::stage_type("little.add", "adder")
                                   .summary("Adds a number for each position and one for all.")
                                   .in("x", "f32[B, S, 2]", "", motet::kFromCaller)
                                   .in("each", "f32[B, S, 2]")
                                   .in("every", "f32[B, 1]")
                                   .out("y", "f32[B, S, 2]");
  Tensor build(Builder& g, Tensor x, Tensor each, Tensor every) const {
    return g.add(g.add(x, each), g.reshape(every, {g.size(every, 0), 1, 1}));
  }
};

struct Mix {
  static constexpr auto type = motet::stage_type("little.mix", "mixer")
                                   .summary("Looks into a memory.")
                                   .in("x", "f32[N, 2]", "", motet::kFromCaller)
                                   .in("memory", "f32[B, T, 2]")
                                   .out("y", "f32[N, 2]");
  Tensor build(Builder& g, Tensor x, Tensor memory) const {
    const std::int64_t rows = g.size(memory, 0), size = g.size(memory, 1);
    const Tensor keys = g.reshape(g.scale(memory, 0.0), {rows, size, 1, 2});  // equal weights for all of the memory
    const Tensor values = g.reshape(memory, {rows, size, 1, 2});
    const Tensor seen =
        g.attention(g.reshape(x, {-1, 1, 2}), keys, values, {.row = g.row(), .length = g.length_of(memory)});
    return g.add(x, g.reshape(seen, {-1, 2}));
  }
};

struct Decode {
  static constexpr auto type = motet::stage_type("little.decode", "decoder")
                                   .summary("Counts to nine.")
                                   .in("tokens", "tokens", "", motet::kOptional)
                                   .out("logits", "f32[W, 16]")
                                   .out("tokens", "tokens", "", motet::kStream)
                                   .slot("mix", "mixer");
  motet::Generation generation(const Call&) const {
    return {.start = 1, .stop = {9}, .vocabulary = 16, .max_positions = 600};
  }
  Tensor build(Builder& g, const motet::Step& step, Tensor) const {
    const std::int64_t n = g.size(step.tokens, 0);
    const Tensor number = g.reshape(g.cast(step.tokens, "f32"), {n, 1});
    Tensor x = g.expand(number, {n, 2});
    const motet::State past = g.state("past", motet::State::append, {1, 2});
    const Tensor heads = g.reshape(x, {n, 1, 2});
    x = g.reshape(g.attention(heads, heads, heads, {.past = past, .row = step.row, .position = step.positions}),
                  {n, 2});
    if (g.slot_filled("mix")) x = g.slot("mix", 0, {x});
    const Tensor next = g.take_rows(g.add(number, g.fill({1}, 1.0)), step.want);
    const Tensor away = g.sub(g.cast(g.iota({1, 16}), "f32"), next);
    // What was attended to counts too little to change the choice, but it is there.
    return g.sub(g.scale(g.take_rows(g.slice(x, 1, 0, 1), step.want), 1e-6), g.mul(away, away));
  }
};

struct Endless : Decode {  // has no token that ends it: busy for many seconds
  static constexpr auto type = motet::stage_type("little.endless", "generator")
                                   .summary("Counts and does not stop.")
                                   .in("tokens", "tokens", "", motet::kOptional)
                                   .out("logits", "f32[W, 16]")
                                   .out("tokens", "tokens", "", motet::kStream);
  motet::Generation generation(const Call&) const {
    return {.start = 1, .stop = {}, .vocabulary = 16, .max_positions = 1 << 20};
  }
};

}  // namespace

MOTET_PLUGIN("little", "1.0.0", Upper, Codes, Encode, Around, Add, Mix, Decode, Endless)
