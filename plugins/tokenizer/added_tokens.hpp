// Tokens beside the model's: found in the text before anything else is done to it, or after normalization.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "tokenizer/model.hpp"
#include "tokenizer/normalizers.hpp"
#include "tokenizer/pieces.hpp"
#include "tokenizer/prefix_trie.hpp"

namespace motet::tokenizer {

struct AddedToken {
  std::string content;
  bool special = false;      // left out of decoded text when asked so
  bool single_word = false;  // only where no word character touches it
  bool lstrip = false;       // takes the blanks before it
  bool rstrip = false;       // takes the blanks after it
  bool normalized = false;   // looked for in normalized text, after being normalized itself
};

class AddedTokens {
 public:
  AddedTokens() = default;

  // A token that the model has keeps the model's id; the others are numbered after the vocabulary in their order,
  // whatever ids the file gives, as the reference does.
  AddedTokens(const std::vector<AddedToken>& tokens, const Model& model, const Normalizer* normalizer);

  // Cuts `text` at the added tokens and normalizes the rest. With `special_in_text` false special tokens are plain
  // text.
  PieceList cut(std::string_view text, const Normalizer* normalizer, bool special_in_text) const;

  TokenId find(const std::string& content) const;  // kNoToken when it is not an added token
  const AddedToken* get(TokenId id) const;         // null when it is not an added token
  bool is_special(std::string_view content) const { return special_.contains(std::string(content)); }
  std::size_t id_end() const { return id_end_; }

 private:
  struct Match {
    std::uint32_t begin, end;
    TokenId id;
  };
  std::vector<Match> find_matches(std::string_view text, const PrefixTrie& trie, bool special_in_text) const;
  std::optional<Match> match_at(std::string_view text, std::uint32_t at, const PrefixTrie& trie) const;
  bool widen(std::string_view text, Match& match, std::uint32_t done, bool special_in_text) const;

  std::unordered_map<std::string, TokenId> ids_;
  std::unordered_map<TokenId, AddedToken> tokens_;
  std::unordered_set<std::string> special_;
  PrefixTrie plain_;
  PrefixTrie normalized_;
  std::size_t id_end_ = 0;
};

// The list "added_tokens" of a tokenizer.json.
std::vector<AddedToken> read_added_tokens(const JsonView& json);

}  // namespace motet::tokenizer
