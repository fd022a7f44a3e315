// Normalizers of a tokenizer.json: what happens to text before it is cut.
#pragma once

#include <memory>

#include "tokenizer/aligned_text.hpp"
#include "tokenizer/json_view.hpp"

namespace motet::tokenizer {

class Normalizer {
 public:
  virtual ~Normalizer() = default;
  virtual void normalize(AlignedText& text) const = 0;  // [any thread]
};

// Null for null. Supported: Sequence, BertNormalizer, NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, Strip, Prepend,
// Replace, Precompiled, Nmt, ByteLevel.
std::unique_ptr<const Normalizer> make_normalizer(const JsonView& json, int depth = 0);

}  // namespace motet::tokenizer
