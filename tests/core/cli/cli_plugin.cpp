// Host stages that do what a test of the command line needs: answer, refuse, crash, take their time.
#include <chrono>
#include <cstdlib>
#include <motet/sdk.hpp>
#include <stdexcept>
#include <string>
#include <thread>

namespace {

struct Shout {
  static constexpr auto type = motet::stage_type("test.shout", "text")
                                   .summary("Adds a mark.")
                                   .in("x", "text")
                                   .out("y", "text")
                                   .param<std::string>("mark", "what is added")
                                   .otherwise("!");
  std::string mark;
  explicit Shout(const motet::Params& p) : mark(p.string("mark")) {}
  motet::Text process(const motet::Call& call, const motet::Text& x) const {
    if (x.text() == "bad") throw motet::ItemError("it is bad");
    if (x.text() == "throw") throw std::runtime_error("a surprise");
    return call.text(std::string(x.text()) + mark);
  }
};

struct Numbers {
  static constexpr auto type =
      motet::stage_type("test.numbers", "text").in("x", "text").out("y", "f32[A, B]").out("ids", "tokens");
  std::tuple<motet::NewTensor, motet::Tokens> process(const motet::Call& call, const motet::Text& x) const {
    motet::NewTensor made = call.tensor(MOTET_F32, {2, 2});
    made.floats()[0] = 0.1f;
    made.floats()[1] = -3;
    made.floats()[2] = 1.0f / 0.0f * (x.text().empty() ? 1.0f : -1.0f);
    made.floats()[3] = std::strtof("nan", nullptr);
    const std::vector<std::int32_t> ids{7, 11};
    return {std::move(made), call.tokens({.ids = ids})};
  }
};

struct Count {
  static constexpr auto type =
      motet::stage_type("test.count", "text").in("x", "text[]", "texts", motet::kWholeList).out("y", "text");
  motet::Text process(const motet::Call& call, const motet::List& x) const {
    std::string all = std::to_string(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) all += "|" + std::string(x.text_at(i).text());
    return call.text(all);
  }
};

struct Crash {
  static constexpr auto type = motet::stage_type("test.crash", "text").in("x", "text").out("y", "text");
  motet::Text process(const motet::Call& call, const motet::Text& x) const {
    if (x.text() == "abort") std::abort();
    if (x.text() == "deep") return call.text(std::to_string(dig(1)));
    write_nowhere();
    return call.text("");
  }
  // The crash itself is wanted, not a sanitizer's word on it.
  __attribute__((no_sanitize("undefined"))) static void write_nowhere() {
    volatile int* nothing = nullptr;
    *nothing = 1;
  }
  static int dig(int depth) {
    volatile char room[4096] = {};
    room[depth % 4096] = 1;
    return depth < 0 ? 0 : dig(depth + 1) + room[0];
  }
};

struct Sleep {
  static constexpr auto type = motet::stage_type("test.sleep", "text").in("x", "text").out("y", "text");
  motet::Text process(const motet::Call& call, const motet::Text& x) const {
    for (int i = 0; i < 6000; ++i) {  // a minute
      call.throw_if_cancelled();
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return call.text(x.text());
  }
};

// Declares three columns and gives as many as the text has letters.
struct Columns {
  static constexpr auto type = motet::stage_type("test.columns", "text").in("x", "text").out("y", "f32[A, 3]");
  motet::NewTensor process(const motet::Call& call, const motet::Text& x) const {
    motet::NewTensor made = call.tensor(MOTET_F32, {1, static_cast<std::int64_t>(x.text().size())});
    for (float& one : made.floats()) one = 1;
    return made;
  }
};

// Declares what it got and writes one column more.
struct Wider {
  static constexpr auto type = motet::stage_type("test.wider", "projector").in("x", "f32[B, 3]").out("y", "f32[B, 3]");
  motet::Tensor build(motet::Builder& g, motet::Tensor x) const {
    return g.concat({x, g.fill({g.size(x, 0), 1}, 1.0)}, -1);
  }
};

// Adds a row of whole numbers, which its weights hold; `floats` asks for it as for any other weight.
struct Numbered {
  static constexpr auto type = motet::stage_type("test.numbered", "projector")
                                   .in("x", "f32[..., D]")
                                   .out("y", "f32[..., D]")
                                   .param<bool>("floats", "asks for floats")
                                   .otherwise("false");
  bool floats;
  motet::Weight row;
  explicit Numbered(const motet::Params& p) : floats(p.boolean("floats")) {}
  void negotiate(motet::Negotiation& n) { row = n.weight("row", {n.input(0)[-1]}, {.i32 = !floats}); }
  motet::Tensor build(motet::Builder& g, motet::Tensor x) const { return g.add(x, g.cast(row, "f32")); }
};

struct Thrower {
  static constexpr auto type = motet::stage_type("test.thrower", "text").in("x", "text").out("y", "text");
  explicit Thrower(const motet::Params&) { throw std::runtime_error("not today"); }
  motet::Text process(const motet::Call& call, const motet::Text&) const { return call.text(""); }
};

}  // namespace

MOTET_PLUGIN("cli-test", "1.0.0", Shout, Numbers, Count, Crash, Sleep, Columns, Wider, Numbered, Thrower)
