// Decoders of a tokenizer.json: how the texts of tokens become text again.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tokenizer/json_view.hpp"

namespace motet::tokenizer {

class Decoder {
 public:
  virtual ~Decoder() = default;
  virtual void decode(std::vector<std::string>& tokens) const = 0;  // what is left is joined [any thread]
};

// Null for null. Supported: Sequence, ByteLevel, WordPiece, Metaspace, BPEDecoder, Replace, ByteFallback, Fuse, Strip,
// CTC.
std::unique_ptr<const Decoder> make_decoder(const JsonView& json, int depth = 0);

std::unique_ptr<const Decoder> make_byte_level_decoder();
// Of SentencePiece vocabularies with byte tokens: U+2581 is a blank; `strips_front` drops the first one.
std::unique_ptr<const Decoder> make_sentence_piece_decoder(bool strips_front);
std::unique_ptr<const Decoder> make_word_piece_decoder(std::string prefix, bool cleanup);

}  // namespace motet::tokenizer
