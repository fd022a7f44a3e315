// 98 to 101 and 115 to 118: texts to ids and back.
#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <set>

#include "base/utf8.hpp"
#include "verify/trial.hpp"
#include "verify/values.hpp"

namespace motet::verify::families {
namespace {

constexpr std::string_view kPlain[] = {"a", "a river bank", "the cat sat on the mat and looked at the other one",
                                       "one two three four"};
constexpr std::string_view kOdd[] = {"",
                                     " ",
                                     "\n\r\n\t",
                                     "\xEF\xBB\xBF begins with a mark",
                                     "a\xCC\x81\xCC\x81\xCC\x81",
                                     "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7 family",
                                     "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D \xE2\x80\xAE right to left",
                                     "\xF4\x8F\xBF\xBF the last character",
                                     "<s></s>[CLS][SEP]<|im_start|>"};

using Ids = std::vector<std::int32_t>;

std::optional<Ids> encoded(const Made& made, std::string_view text, bool special) {
  std::optional<Ids> out;
  (void)refusal([&] { out = made->encode(text, special, {})->tokens().ids; });
  return out;
}

std::optional<std::string> decoded(const Made& made, const Ids& ids, bool skip_special) {
  std::optional<std::string> out;
  (void)refusal([&] { out = made->decode(ids, skip_special, {})->text(); });
  return out;
}

std::string listed(const Ids& ids) {
  std::string out;
  for (std::size_t i = 0; i < ids.size() && i < 12; ++i) out += (i == 0 ? "" : ", ") + std::to_string(ids[i]);
  return "[" + out + (ids.size() > 12 ? ", ..." : "") + "]";
}

// Each character of ASCII within a word: where it has ids of its own, not where several have those of one unknown
// token.
void characters_come_back(const Made& made) {
  std::map<Ids, int> characters;
  std::set<Ids> shared;
  const auto within = [](int character) { return std::string{'a', static_cast<char>(character), 'a'}; };
  for (int character = 0; character < 127; ++character) {
    const auto ids = encoded(made, within(character), false);
    if (ids && !characters.emplace(*ids, character).second) shared.insert(*ids);
  }
  for (const auto& [ids, character] : characters) {
    const auto again = shared.contains(ids) ? std::nullopt : decoded(made, ids, false);
    if (!again || decoded(made, ids, true) != again) continue;  // a special token stands for what it does not know
    const auto ids_again = encoded(made, *again, false);
    expect(ids_again == ids, "the character of number " + std::to_string(character) + " between two a becomes " +
                                 listed(ids) + ", and what those decode to becomes " +
                                 listed(ids_again.value_or(Ids())));
  }
}

void round_trip(Trial& trial) {
  const Made made = trial.subject().make();
  for (const std::string_view text : kPlain) {
    const auto ids = encoded(made, text, false);
    const auto again = ids ? decoded(made, *ids, true) : std::nullopt;
    if (!again) continue;
    const auto ids_again = encoded(made, *again, false);
    expect(ids_again == ids, "'" + std::string(text) + "' becomes " + listed(*ids) + ", which decode to '" + *again +
                                 "', and that becomes " + listed(ids_again.value_or(Ids())));
  }
  characters_come_back(made);
}

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(' ');
  return begin == text.npos ? "" : text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

// What each token of a text adds to what those before it decode to; nothing where the text does not come back as it
// was, and so nobody can say which of its characters a token stands for.
std::vector<std::string> pieces_of(const Made& made, const std::string& text, const Ids& ids) {
  std::vector<std::string> out;
  std::string before;
  for (std::size_t n = 1; n <= ids.size(); ++n) {
    const auto now = decoded(made, Ids(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(n)), false);
    if (!now || !now->starts_with(before)) return {};
    out.push_back(now->substr(before.size()));
    before = *now;
  }
  return trimmed(before) == trimmed(text) ? out : std::vector<std::string>();
}

// In ASCII, where characters are bytes.
void offsets_enclose(const Made& made, const std::string& text) {
  value::Ref tokens;
  (void)refusal([&] { tokens = made->encode(text, false, {}); });
  if (!tokens) return;
  const std::vector<std::uint32_t>& offsets = tokens->tokens().offsets;
  const std::vector<std::string> pieces = pieces_of(made, text, tokens->tokens().ids);
  if (offsets.size() != 2 * pieces.size()) return;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const std::string piece = trimmed(pieces[i]);
    if (piece.empty()) continue;  // a blank may count to either neighbour
    const std::string there = text.substr(offsets[2 * i], offsets[2 * i + 1] - offsets[2 * i]);
    expect(trimmed(there) == piece, "token " + std::to_string(i) + " of '" + text + "' stands for '" + piece +
                                        "', and its offsets enclose '" + there + "'");
  }
}

void offsets_point(Trial& trial) {
  const Made made = trial.subject().make();
  bool any = false;
  for (const std::string text : {"a river bank", "Straße, 漢字 🎉 end", "  two  spaces "}) {
    value::Ref tokens;
    (void)refusal([&] { tokens = made->encode(text, false, {}); });
    if (!tokens || tokens->tokens().offsets.empty()) continue;
    any = true;
    const std::vector<std::uint32_t>& offsets = tokens->tokens().offsets;
    const auto characters = static_cast<std::uint32_t>(base::count_characters(text));
    std::uint32_t reached = 0;
    for (std::size_t i = 0; i + 1 < offsets.size(); i += 2) {
      const std::string which = "token " + std::to_string(i / 2) + " of '" + text + "' stands from character " +
                                std::to_string(offsets[i]) + " to " + std::to_string(offsets[i + 1]);
      expect(offsets[i] <= offsets[i + 1] && offsets[i + 1] <= characters,
             which + ", and the text has " + std::to_string(characters));
      expect(i == 0 || offsets[i] >= offsets[i - 2], which + ", before the token that comes before it");
      reached = std::max(reached, offsets[i + 1]);
    }
    const std::size_t trailing = text.size() - (text.find_last_not_of(' ') + 1);
    expect(reached + trailing >= characters, "the tokens of '" + text + "' end at character " +
                                                 std::to_string(reached) + " of " + std::to_string(characters));
  }
  if (!any) skip("it gives no offsets");
  for (const std::string text : {"a river bank", "one two, three: four (or 42)."}) offsets_enclose(made, text);
}

void special_is_optional(Trial& trial) {
  const Made made = trial.subject().make();
  for (const std::string_view text : kPlain) {
    const auto plain = encoded(made, text, false), special = encoded(made, text, true);
    if (!plain || !special) continue;
    expect(special->size() >= plain->size(), "with special tokens '" + std::string(text) + "' has fewer than without");
    const auto a = decoded(made, *plain, true), b = decoded(made, *special, true);
    expect(a == b, "without its special tokens '" + std::string(text) + "' decodes to '" + b.value_or("") +
                       "', and plain to '" + a.value_or("") + "'");
  }
}

void any_text(Trial& trial) {
  const Made made = trial.subject().make();
  for (const std::string_view text : kOdd) {
    trial.note(("in encode of '" + std::string(text) + "'").c_str());
    const auto ids = encoded(made, text, true);
    if (ids) (void)decoded(made, *ids, false);
    (void)made->token_id(text);
  }
  const std::string zero("a\0b", 3);
  (void)encoded(made, zero, true);
  trial.note("in encode of a long text");
  (void)encoded(made, random_text(trial.hard() ? 1 << 18 : 1 << 14, trial.random()), false);
  (void)encoded(made, std::string(trial.hard() ? 1 << 16 : 1 << 12, 'a'), false);
}

void any_ids(Trial& trial) {
  const Made made = trial.subject().make();
  for (const Ids& ids : {Ids{}, Ids{-1}, Ids{std::numeric_limits<std::int32_t>::max()},
                         Ids{std::numeric_limits<std::int32_t>::min(), 0}, Ids{1 << 20}}) {
    trial.note(("in decode of " + listed(ids)).c_str());
    (void)decoded(made, ids, false);
    (void)decoded(made, ids, true);
  }
  Ids random;
  for (int i = 0; i < 300; ++i) random.push_back(static_cast<std::int32_t>(trial.random().between(0, 400)));
  trial.note("in decode of random ids");
  (void)decoded(made, random, false);
}

void unknown_token(Trial& trial) {
  const Made made = trial.subject().make();
  for (const std::string_view token : {"no such token, \xE6\xBC\xA2 and spaces", "qzxjvk qzxjvk", ""}) {
    const std::int32_t id = made->token_id(token);
    expect(id == -1, "token_id of '" + std::string(token) + "', which is no token, is " + std::to_string(id));
  }
}

void special_tokens_named(Trial& trial) {
  const Made made = trial.subject().make();
  const auto ids = encoded(made, kPlain[0], true);
  bool any = false;
  for (const std::int32_t id : ids.value_or(Ids())) {
    const auto name = decoded(made, {id}, false), skipped = decoded(made, {id}, true);
    if (!name || name->empty() || !skipped || !skipped->empty()) continue;
    any = true;
    const std::int32_t named = made->token_id(*name);
    expect(named == id, "the special token " + std::to_string(id) + " decodes to '" + *name +
                            "', and token_id of that is " + std::to_string(named));
  }
  if (!any) skip("it puts no special tokens around a text");
}

// As far as it is certain: what stands for bytes that form no character yet may still change.
std::string certain(std::string text) {
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
  while (text.ends_with(kReplacement)) text.resize(text.size() - kReplacement.size());
  return text;
}

void streams(Trial& trial) {
  const Made made = trial.subject().make();
  for (const std::string_view text : {"a river bank", "one two three four", "na\xC3\xAFve \xF0\x9F\x8E\x89 cats"}) {
    const auto ids = encoded(made, text, false);
    if (!ids || !decoded(made, *ids, true)) continue;
    std::string before;
    for (std::size_t n = 1; n <= ids->size(); ++n) {
      const auto now = decoded(made, Ids(ids->begin(), ids->begin() + static_cast<std::ptrdiff_t>(n)), true);
      const std::string which = "the first " + std::to_string(n) + " tokens of '" + std::string(text) + "'";
      if (!now) fail(which + " it refuses to decode, and all of them it decodes");
      expect(now->starts_with(before), which + " decode to '" + *now + "', one less to '" + before + "'");
      before = certain(*now);
    }
  }
}

}  // namespace

std::span<const Check> tokenizers() {
  static constexpr Check kChecks[] = {
      {115, "round_trip",
       "The text that ids decode to has the same ids again, for plain words and for characters that have ids of their "
       "own.",
       "What a model wrote is read as something else in the next turn.", "kit", On::tokenizer, kBasic, round_trip},
      {116, "offsets_point",
       "Offsets, where there are some, count characters, lie within the text, grow, and reach its end; where a text "
       "comes back as it was they enclose what their token stands for.",
       "What is marked in the text is beside the word that is meant.", "kit", On::tokenizer, kNormal, offsets_point},
      {117, "special_is_optional",
       "`MOTET_ADD_SPECIAL` only adds tokens, and `MOTET_SKIP_SPECIAL` leaves out just those.",
       "`<s>` is read aloud, or a prompt has two beginnings.", "kit", On::tokenizer, kNormal, special_is_optional},
      {118, "special_tokens_named", "`token_id` of what a special token decodes to is that token.",
       "A stop token that a pipeline names ends nothing, or another one does.", "kit", On::tokenizer, kNormal,
       special_tokens_named},
      {98, "any_text_encodes", "Every text is encoded or refused: empty, long, of any script.",
       "Somebody's name takes the server down.", "kit", On::tokenizer, kBasic, any_text},
      {99, "any_ids_decode", "All ids are decoded or refused, also those that the vocabulary does not have.",
       "A model with padded logits takes the program down.", "kit", On::tokenizer, kBasic, any_ids},
      {100, "unknown_token", "`token_id` of what is no token is -1.",
       "A stop token that the vocabulary lacks ends every text at its first word.", "kit", On::tokenizer, kNormal,
       unknown_token},
      {101, "streams",
       "As many of a text's ids as there are yet decode, to a text that begins as that of fewer, but for U+FFFD at its "
       "end.",
       "Text that was shown already would have to change.", "kit", On::tokenizer, kNormal, streams},
  };
  return kChecks;
}

}  // namespace motet::verify::families
