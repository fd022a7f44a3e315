#include "tokenizer/added_tokens.hpp"

#include <algorithm>

#include "tokenizer/unicode.hpp"

namespace motet::tokenizer {
namespace {

bool touches_word(std::string_view text, std::uint32_t begin, std::uint32_t end) {
  return (begin > 0 && is_word_character(utf8_before(text, begin).code)) ||
         (end < text.size() && is_word_character(utf8_at(text, end).code));
}

bool same(const AddedToken& a, const AddedToken& b) {
  return a.content == b.content && a.special == b.special && a.single_word == b.single_word && a.lstrip == b.lstrip &&
         a.rstrip == b.rstrip && a.normalized == b.normalized;
}

}  // namespace

AddedTokens::AddedTokens(const std::vector<AddedToken>& tokens, const Model& model, const Normalizer* normalizer) {
  auto next = static_cast<TokenId>(model.size());
  ids_.reserve(tokens.size());
  tokens_.reserve(tokens.size());
  for (const AddedToken& token : tokens) {
    if (token.content.empty()) continue;
    TokenId id = find(token.content);
    if (id == kNoToken) id = model.vocabulary().find(token.content);
    if (const AddedToken* known = get(id); known != nullptr && same(*known, token)) continue;
    if (id == kNoToken) id = next++;
    ids_[token.content] = id;
    tokens_[id] = token;
    if (token.special) special_.insert(token.content);
    id_end_ = std::max<std::size_t>(id_end_, id + 1);
  }
  // Special tokens go first: of two patterns for the same text the earlier one counts.
  std::vector<PrefixTrie::Key> plain, normalized;
  std::vector<std::string> rewritten;
  rewritten.reserve(tokens.size());
  for (const bool special : {true, false}) {
    for (const AddedToken& token : tokens) {
      if (token.content.empty() || is_special(token.content) != special) continue;
      const TokenId id = ids_.at(token.content);
      if (!token.normalized) {
        plain.push_back({token.content, id});
        continue;
      }
      AlignedText content = AlignedText::of(token.content, 0);
      if (normalizer != nullptr) normalizer->normalize(content);
      if (!content.text.empty()) normalized.push_back({rewritten.emplace_back(std::move(content.text)), id});
    }
  }
  plain_ = PrefixTrie(std::move(plain));
  normalized_ = PrefixTrie(std::move(normalized));
}

TokenId AddedTokens::find(const std::string& content) const {
  const auto at = ids_.find(content);
  return at == ids_.end() ? kNoToken : at->second;
}

const AddedToken* AddedTokens::get(TokenId id) const {
  const auto at = tokens_.find(id);
  return at == tokens_.end() ? nullptr : &at->second;
}

std::optional<AddedTokens::Match> AddedTokens::match_at(std::string_view text, std::uint32_t at,
                                                        const PrefixTrie& trie) const {
  std::optional<Match> longest;
  trie.each_prefix(text.substr(at), [&](std::size_t size, TokenId id) {
    longest = Match{at, at + static_cast<std::uint32_t>(size), id};
  });
  return longest;
}

// Applies the token's flags to its match; false when they rule it out. Nothing before `done` is taken.
bool AddedTokens::widen(std::string_view text, Match& match, std::uint32_t done, bool special_in_text) const {
  const AddedToken& token = tokens_.at(match.id);
  if (!special_in_text && is_special(token.content)) return false;
  if (token.single_word && touches_word(text, match.begin, match.end)) return false;
  while (token.lstrip && match.begin > done) {
    const Utf8Char c = utf8_before(text, match.begin);
    if (!is_white_space(c.code)) break;
    match.begin -= c.size;
  }
  while (token.rstrip && match.end < text.size()) {
    const Utf8Char c = utf8_at(text, match.end);
    if (!is_white_space(c.code)) break;
    match.end += c.size;
  }
  return true;
}

std::vector<AddedTokens::Match> AddedTokens::find_matches(std::string_view text, const PrefixTrie& trie,
                                                          bool special_in_text) const {
  std::vector<Match> matches;
  if (trie.empty()) return matches;
  std::uint32_t done = 0;
  for (std::uint32_t at = 0; at < text.size();) {
    std::optional<Match> match = match_at(text, at, trie);
    if (!match) {
      ++at;
      continue;
    }
    at = match->end;
    if (!widen(text, *match, done, special_in_text)) continue;
    match->begin = std::max(match->begin, done);
    done = std::max(done, match->end);
    if (match->begin < match->end) matches.push_back(*match);
  }
  return matches;
}

PieceList AddedTokens::cut(std::string_view text, const Normalizer* normalizer, bool special_in_text) const {
  PieceList pieces;
  pieces.text.reserve(text.size() + 16);
  pieces.origin.reserve(text.size() + 16);
  const auto append_plain = [&](std::uint32_t begin, std::uint32_t end) {
    if (begin >= end) return;
    AlignedText part = AlignedText::of(text.substr(begin, end - begin), begin);
    if (normalizer != nullptr) normalizer->normalize(part);
    std::uint32_t done = 0;
    for (const Match& match : find_matches(part.text, normalized_, special_in_text)) {
      pieces.append(part, done, match.begin, kNoToken);
      pieces.append(part, match.begin, match.end, match.id);
      done = match.end;
    }
    pieces.append(part, done, static_cast<std::uint32_t>(part.text.size()), kNoToken);
  };
  std::uint32_t done = 0;
  for (const Match& match : find_matches(text, plain_, special_in_text)) {
    append_plain(done, match.begin);
    pieces.append(AlignedText::of(text.substr(match.begin, match.end - match.begin), match.begin), 0,
                  match.end - match.begin, match.id);
    done = match.end;
  }
  append_plain(done, static_cast<std::uint32_t>(text.size()));
  return pieces;
}

std::vector<AddedToken> read_added_tokens(const JsonView& json) {
  std::vector<AddedToken> tokens;
  json.each_item([&](const JsonView& item) {
    AddedToken token;
    token.content = item.at("content").string();
    if (token.content.empty()) item.fail("has no content");
    item.at("id").unsigned_integer(kMaxTokenId);
    token.special = item.boolean_or("special", false);
    token.single_word = item.boolean_or("single_word", false);
    token.lstrip = item.boolean_or("lstrip", false);
    token.rstrip = item.boolean_or("rstrip", false);
    token.normalized = item.boolean_or("normalized", !token.special);
    tokens.push_back(std::move(token));
  });
  return tokens;
}

}  // namespace motet::tokenizer
