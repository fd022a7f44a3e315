// Pre-tokenizers of a tokenizer.json: where normalized text is cut before the model sees it.
#pragma once

#include <memory>

#include "tokenizer/json_view.hpp"
#include "tokenizer/pieces.hpp"

namespace motet::tokenizer {

class PreTokenizer {
 public:
  virtual ~PreTokenizer() = default;
  virtual void cut(PieceList& pieces) const = 0;  // [any thread]
};

// Null for null. Supported: Sequence, BertPreTokenizer, ByteLevel, Metaspace, Whitespace, WhitespaceSplit, Split,
// Digits, Punctuation, CharDelimiterSplit, FixedLength.
std::unique_ptr<const PreTokenizer> make_pre_tokenizer(const JsonView& json, int depth = 0);

// Digits (each on its own) and then byte-level words, as GGUF's "smollm" names it; without digits it is "gpt-2".
std::unique_ptr<const PreTokenizer> make_byte_level(bool individual_digits);

}  // namespace motet::tokenizer
