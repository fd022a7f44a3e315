// my_plugin: a token for each byte. Every text has ids, and no vocabulary is needed; ids 0 to 255 are bytes.
#include <motet/sdk.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

class MyPlugin {
 public:
  static constexpr std::int32_t kBegin = 256, kEnd = 257;
  static constexpr auto type = motet::stage_type("my_plugin", "tokenizer")
                                   .summary("A token for each byte of a text, between a beginning and an end.")
                                   .example("words: {use: my_plugin, in: {text: inputs.text}}")
                                   .in("text", "text", "what is to be tokenized; in a slot it needs none")
                                   .out("ids", "tokens", "a byte each, with its place in the text")
                                   .out("text", "text", "the ids decoded again")
                                   .param<bool>("special", "put <begin> and <end> around a text")
                                   .otherwise("true");

  explicit MyPlugin(const motet::Params& p) : special_(p.boolean("special")) {}

  // As a stage of a pipeline.
  std::tuple<motet::Tokens, motet::Text> process(const motet::Call& call, const motet::Text& text) const {
    motet::Tokens tokens = encode(call, text.text(), special_);
    motet::Text again = decode(call, tokens.ids(), true);
    return {std::move(tokens), std::move(again)};
  }

  // In the slot of a decoder or a prompt: to ids, and back as they are generated. The text is UTF-8.
  motet::Tokens encode(const motet::Call& call, std::string_view text, bool add_special) const {
    std::vector<std::int32_t> ids;
    std::vector<std::uint32_t> offsets;  // begin and end in the text, in characters
    std::uint32_t characters = 0;
    const auto add = [&](std::int32_t id, std::uint32_t begin, std::uint32_t end) {
      ids.push_back(id);
      offsets.insert(offsets.end(), {begin, end});
    };
    if (add_special) add(kBegin, 0, 0);
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if ((byte & 0xC0) != 0x80) ++characters;  // a character begins
      add(byte, characters - 1, characters);
    }
    if (add_special) add(kEnd, characters, characters);
    return call.tokens({.ids = ids, .offsets = offsets});
  }

  motet::Text decode(const motet::Call& call, std::span<const std::int32_t> ids, bool skip_special) const {
    std::string bytes;
    for (const std::int32_t id : ids) {
      if (id >= 0 && id < 256) bytes += static_cast<char>(id);
      if (!skip_special && (id == kBegin || id == kEnd)) bytes += id == kBegin ? "<begin>" : "<end>";
    }
    return call.text(motet::valid_utf8(bytes));
  }

  std::int32_t token_id(std::string_view token) const {  // -1: there is none
    if (token == "<begin>") return kBegin;
    if (token == "<end>") return kEnd;
    return token.size() == 1 ? static_cast<unsigned char>(token.front()) : -1;
  }

 private:
  bool special_;
};

MOTET_PLUGIN("my_plugin", "1.0.0", MyPlugin)
