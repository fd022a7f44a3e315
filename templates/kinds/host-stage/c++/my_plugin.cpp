// my_plugin: one space between words, and only the first of them.
#include <motet/sdk.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

class MyPlugin {
 public:
  static constexpr auto type = motet::stage_type("my_plugin", "text")
                                   .summary("Puts one space between a text's words, and keeps the first of them.")
                                   .example("tidy: {use: my_plugin, with: {most: 5}, in: {text: inputs.text}}")
                                   .in("text", "text", "any text")
                                   .out("text", "text", "its words")
                                   .param<std::int64_t>("most", "how many words to keep; 0: all")
                                   .otherwise("0")
                                   .range(0, 1 << 30);

  // The parameters are checked before: an int from 0 to 2^30. What else is wrong with one: p.fail("most", "why").
  explicit MyPlugin(const motet::Params& p) : most_(p.integer("most")) {}

  // One item. Called from several threads at once, hence const; `.serial()` in the type would ask for one at a time.
  motet::Text process(const motet::Call& call, const motet::Text& text) const {
    std::string out;
    std::int64_t words = 0;
    std::string_view rest = text.text();  // UTF-8, not terminated
    while (true) {
      rest.remove_prefix(std::min(rest.find_first_not_of(kSpace), rest.size()));
      if (rest.empty() || (most_ > 0 && words == most_)) break;
      const std::string_view word = rest.substr(0, rest.find_first_of(kSpace));
      if (words++ > 0) out += ' ';
      out += word;
      rest.remove_prefix(word.size());
    }
    if (words == 0) throw motet::ItemError("the text has no words", "in.text");  // this item fails, others go on
    return call.text(out);
  }

 private:
  static constexpr std::string_view kSpace = " \t\r\n\v\f";
  std::int64_t most_;
};

MOTET_PLUGIN("my_plugin", "1.0.0", MyPlugin)
