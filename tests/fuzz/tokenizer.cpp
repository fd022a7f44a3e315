// A tokenizer.json, and what it then makes of a text: its own where one follows after the separator.
//
// Reads with: plugins/tokenizer/[!fp]*.cpp plugins/tokenizer/p[!l]*.cpp plugins/tokenizer/*.hpp
#include "tokenizer/tokenizer.hpp"

#include "base/utf8.hpp"
#include "fuzz/target.hpp"

namespace motet::fuzz {
namespace {

using tokenizer::Encoding;
using tokenizer::TokenId;
using tokenizer::Tokenizer;
using tokenizer::TokenizerError;

constexpr std::string_view kText = "  Hello, the 12 w\u00f6rlds don't\n\u4e2d\u6587 [MASK]<s>\u00e9\u0301 \U0001F600\t";

void check(const Encoding& encoding, std::size_t characters) {
  const std::size_t size = encoding.size();
  require(encoding.type_ids.size() == size && encoding.words.size() == size && encoding.offsets.size() == size &&
              encoding.special_mask.size() == size && encoding.attention_mask.size() == size,
          "an encoding's lists are of one length");
  for (const tokenizer::CharacterRange& range : encoding.offsets)
    require(range.begin <= range.end && range.end <= characters, "offsets lie within the text");
}

void use(const Tokenizer& tokenizer, std::string_view text) {
  const std::size_t characters = base::count_characters(text);
  for (const bool special : {true, false}) {
    const Encoding encoding = tokenizer.encode(text, {.add_special_tokens = special, .special_in_text = special});
    check(encoding, characters);
    for (const bool skip : {true, false})
      require(!base::first_bad_utf8(tokenizer.decode(encoding.ids, skip)), "what is decoded is UTF-8");
  }
  const Encoding cut = tokenizer.encode(text, {.max_length = 4, .pad = false});
  check(cut, characters);
  require(cut.size() <= 4, "no more tokens come than were asked for");
  (void)tokenizer.encode_pair(text, "and more");
  (void)tokenizer.decode(std::vector<TokenId>{0, 1, 2, 3, 0xFFFFFFFF});
}
}  // namespace

bool tokenizer(std::string_view input) {
  const auto [json, text] = halves(input);
  try {
    const Tokenizer made = Tokenizer::from_json(json);
    try {
      use(made, text.empty() ? kText : text);
    } catch (const TokenizerError& error) {
      refused(error.what());
    }
    return true;
  } catch (const TokenizerError& error) {
    return refused(error.what());
  }
}

}  // namespace motet::fuzz
