// Decoders whose states can be followed by hand: one folds all tokens into a sum that each step replaces, and both look
// back at a window of the last three.
#include <motet/sdk.hpp>

namespace {

using motet::Builder;
using motet::Call;
using motet::State;
using motet::Step;
using motet::Tensor;

Tensor modulo(Builder& g, Tensor x, double n) {  // of whole numbers
  const Tensor whole = g.unary(g.scale(g.add(x, g.fill({1}, 0.5)), 1 / n), "floor");
  return g.sub(x, g.scale(whole, n));
}

// The mean of the last three tokens, rounded down. number f32[N, 1].
Tensor recent(Builder& g, const Step& step, Tensor number) {
  const State past = g.state("recent", State::window, {3, 1, 1});
  const Tensor value = g.reshape(number, {-1, 1, 1});
  const Tensor nothing = g.scale(value, 0.0);  // all keys alike: equal weights
  const Tensor mean = g.reshape(
      g.attention(nothing, nothing, value, {.past = past, .row = step.row, .position = step.positions}), {-1, 1});
  return g.unary(g.add(mean, g.fill({1}, 0.01)), "floor");
}

// Logits that are largest at next mod 15. next f32[N, 1].
Tensor logits(Builder& g, const Step& step, Tensor next) {
  const Tensor away = g.sub(g.cast(g.iota({1, 16}), "f32"), g.take_rows(modulo(g, next, 15), step.want));
  return g.scale(g.mul(away, away), -1.0);
}

constexpr auto decoder(const char* id, const char* summary) {
  return motet::stage_type(id, "decoder")
      .summary(summary)
      .in("tokens", "tokens", "", motet::kOptional)
      .out("logits", "f32[W, 16]")
      .out("tokens", "tokens", "", motet::kStream);
}

motet::Generation numbers() {
  return {.start = 1, .stop = {15}, .vocabulary = 16, .max_positions = 2000, .max_tokens = 20};
}

struct Fold {  // next = sum of all tokens mod 11, and the mean of the last three
  static constexpr auto type = decoder("states.fold", "Folds.");
  motet::Generation generation(const Call&) const { return numbers(); }
  Tensor build(Builder& g, const Step& step, Tensor) const {
    const Tensor number = g.reshape(g.cast(step.tokens, "f32"), {-1, 1});
    const State sum = g.state("sum", State::replace, {1});
    const Tensor now = modulo(g, g.add(g.state_read(sum, step.row, step.positions), number), 11);
    g.state_write(sum, now, step.row);
    return logits(g, step, g.add(now, recent(g, step, number)));
  }
};

struct Recent {  // next = the mean of the last three, and 7
  static constexpr auto type = decoder("states.recent", "Looks back at three.");
  motet::Generation generation(const Call&) const { return numbers(); }
  Tensor build(Builder& g, const Step& step, Tensor) const {
    const Tensor number = g.reshape(g.cast(step.tokens, "f32"), {-1, 1});
    return logits(g, step, g.add(recent(g, step, number), g.fill({1}, 7.0)));
  }
};

// What builders refuse, by the parameter `mistake`.
struct Mistaken {
  static constexpr auto type =
      decoder("states.mistaken", "Uses states wrongly.").param<std::string>("mistake", "which");
  std::string mistake;
  explicit Mistaken(const motet::Params& p) : mistake(p.string("mistake")) {}
  motet::Generation generation(const Call&) const { return numbers(); }
  Tensor build(Builder& g, const Step& step, Tensor) const {
    const Tensor x = g.reshape(g.cast(step.tokens, "f32"), {-1, 1, 1});
    const auto attend = [&](State past, std::int64_t window) {
      return g.attention(x, x, x, {.past = past, .row = step.row, .position = step.positions, .window = window});
    };
    if (mistake == "sizes") g.state("a", State::window, {1, 1});
    if (mistake == "nothing") g.state("a", State::replace, {0});
    if (mistake == "vast") g.state("a", State::replace, {1 << 24, 1 << 24, 1 << 24});
    if (mistake == "twice") g.state("a", State::replace, {2}), g.state("a", State::replace, {3});
    if (mistake == "replaced") attend(g.state("a", State::replace, {2, 1, 1, 1}), 0);
    if (mistake == "appended") g.state_read(g.state("a", State::append, {1, 1}), step.row, step.positions);
    if (mistake == "narrow") attend(g.state("a", State::window, {3, 1, 1}), 4);
    if (mistake == "tensor") g.state_read(x, step.row, step.positions);
    if (mistake == "sum") g.add(motet::Operand(g.state("a", State::replace, {2})), x);
    return logits(g, step, g.reshape(x, {-1, 1}));
  }
};

}  // namespace

MOTET_PLUGIN("states", "1.0.0", Fold, Recent, Mistaken)
