// SentencePiece's compiled character map: a double-array trie from byte sequences to their replacements.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/aligned_text.hpp"
#include "tokenizer/json_view.hpp"

namespace motet::tokenizer {

class PrecompiledMap {
 public:
  // The base64 text of a map: a little-endian u32 with the trie's size in bytes, the trie (u32 units), then
  // replacements, each ended by a zero byte. Anything else is a `description` error.
  explicit PrecompiledMap(const JsonView& json);

  // Grapheme clusters of fewer than six bytes are looked up whole, then what has no entry character by character.
  void normalize(AlignedText& text) const;

 private:
  // The replacement of the shortest prefix of `part` that has one.
  std::optional<std::string_view> lookup(std::string_view part) const;

  std::vector<std::uint32_t> units_;
  std::string replacements_;
};

}  // namespace motet::tokenizer
