#include <motet/sdk.hpp>

#include <cctype>
#include <string>

struct Shout {
  static constexpr auto type = motet::stage_type("consumer.shout", "text")
                                   .summary("Writes the letters A to Z large, and an exclamation mark at the end.")
                                   .in("text", "text")
                                   .out("text", "text");

  motet::Text process(const motet::Call& call, const motet::Text& text) {
    std::string loud(text.text());
    for (char& letter : loud) letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
    return call.text(loud + "!");
  }
};

struct Double {
  static constexpr auto type = motet::stage_type("consumer.double", "projector")
                                   .summary("y = x + x.")
                                   .in("x", "f32[..., D]")
                                   .out("y", "f32[..., D]");

  motet::Tensor build(motet::Builder& g, motet::Tensor x) const { return g.add(x, x); }
};

MOTET_PLUGIN("consumer", "1.0.0", Shout, Double)
