// What a text becomes: token ids with all that belongs to each, and the steps that finish them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tokenizer/json_view.hpp"
#include "tokenizer/vocabulary.hpp"

namespace motet::tokenizer {

// Characters [begin, end) of the original text.
struct CharacterRange {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  bool operator==(const CharacterRange&) const = default;
};

enum class Side { left, right };

// Parallel lists, one entry a token.
struct Encoding {
  std::vector<TokenId> ids;
  std::vector<std::uint32_t> type_ids;        // which of two texts, or as the template says
  std::vector<std::int32_t> words;            // which piece of the text; -1 for what was added
  std::vector<CharacterRange> offsets;        // (0, 0) for what was added
  std::vector<std::uint32_t> special_mask;    // 1 for what was added
  std::vector<std::uint32_t> attention_mask;  // 0 for padding
  std::vector<CharacterRange> blanks;         // how many blanks a token's text begins and ends with
  std::vector<Encoding> overflow;             // what truncation cut off, in parts

  std::size_t size() const { return ids.size(); }
  void push(TokenId id, std::uint32_t type_id, std::int32_t word, CharacterRange offset, bool special,
            CharacterRange blank);

  // Keeps at most `length` tokens; the rest goes to `overflow` in parts of `length` that share `stride` tokens.
  // Needs stride < length unless length is 0.
  void truncate(std::size_t length, std::size_t stride, Side direction);
  void append(const Encoding& other);  // overflowing parts of both are combined with each other
  void pad(std::size_t length, TokenId id, std::uint32_t type_id, Side direction);  // overflowing parts too
};

struct Truncation {
  enum class Strategy { longest_first, only_first, only_second };
  std::size_t max_length = 512;  // with special tokens
  std::size_t stride = 0;
  Strategy strategy = Strategy::longest_first;
  Side direction = Side::right;
};

struct Padding {
  std::size_t fixed = 0;  // 0: to the longest of the batch
  std::size_t multiple_of = 0;
  TokenId id = 0;
  std::uint32_t type_id = 0;
  Side direction = Side::right;
};

// `second` may be null. `added` special tokens are still to come. Throws `text` errors.
void truncate(Encoding& first, Encoding* second, const Truncation& truncation, std::size_t added);
void pad(std::vector<Encoding>& batch, const Padding& padding);

Truncation read_truncation(const JsonView& json);
Padding read_padding(const JsonView& json);

}  // namespace motet::tokenizer
