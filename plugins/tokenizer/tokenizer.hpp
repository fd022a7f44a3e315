// A tokenizer: text to token ids and back, as Hugging Face's `tokenizers` does it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/added_tokens.hpp"
#include "tokenizer/decoders.hpp"
#include "tokenizer/encoding.hpp"
#include "tokenizer/gguf_vocabulary.hpp"
#include "tokenizer/model.hpp"
#include "tokenizer/normalizers.hpp"
#include "tokenizer/post_processors.hpp"
#include "tokenizer/pre_tokenizers.hpp"
#include "tokenizer/tokenizer_error.hpp"

namespace motet::tokenizer {

struct EncodeOptions {
  bool add_special_tokens = true;
  bool special_in_text = true;              // false: text that reads like a special token stays text
  bool truncate = true;                     // as the file says, or to max_length
  std::optional<std::size_t> max_length{};  // with special tokens; instead of the file's
  bool pad = true;                          // as the file says, if it does
};

// Immutable once made; every method may be called from any thread.
class Tokenizer {
 public:
  // The parts of a tokenizer; all but the model may be absent.
  struct Parts {
    std::unique_ptr<const Model> model;
    std::unique_ptr<const Normalizer> normalizer;
    std::unique_ptr<const PreTokenizer> pre_tokenizer;
    std::unique_ptr<const PostProcessor> post_processor;
    std::unique_ptr<const Decoder> decoder;
    std::vector<AddedToken> added;
    std::optional<Truncation> truncation;
    std::optional<Padding> padding;
  };
  explicit Tokenizer(Parts parts);

  // Throw `description` errors that name the place in the file. `slack`: how many bytes after `json` may be read;
  // enough of them (SIMDJSON_PADDING) save a copy.
  static Tokenizer from_json(std::string_view json, std::size_t slack = 0);
  static Tokenizer from_gguf(const GgufVocabulary& vocabulary);

  // Throws BrokenUtf8 and other `text` errors.
  Encoding encode(std::string_view text, const EncodeOptions& options = {}) const;
  Encoding encode_pair(std::string_view first, std::string_view second, const EncodeOptions& options = {}) const;
  std::vector<Encoding> encode_batch(const std::vector<std::string_view>& texts,
                                     const EncodeOptions& options = {}) const;

  // Ids that no token has are left out.
  std::string decode(std::span<const TokenId> ids, bool skip_special_tokens = true) const;

  TokenId token_to_id(std::string_view token) const;  // kNoToken when there is none
  std::optional<std::string> id_to_token(TokenId id) const;
  bool is_special(TokenId id) const;
  std::size_t vocabulary_size() const;  // one more than the largest id

 private:
  Encoding encode_one(std::string_view text, const EncodeOptions& options, std::uint32_t type_id) const;
  void add_piece(const PieceList& pieces, std::size_t index, const std::vector<Token>& tokens,
                 const std::vector<std::uint32_t>& characters, std::uint32_t type_id, Encoding& out) const;
  Encoding finish(std::vector<Encoding> encodings, const EncodeOptions& options) const;

  Parts parts_;
  AddedTokens added_;
};

}  // namespace motet::tokenizer
