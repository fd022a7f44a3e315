// What turns pieces into token ids: the models of a tokenizer.json.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "tokenizer/json_view.hpp"
#include "tokenizer/pieces.hpp"
#include "tokenizer/vocabulary.hpp"

namespace motet::tokenizer {

// Bytes [begin, end) of its piece.
struct Token {
  TokenId id;
  std::uint32_t begin, end;
};

class Model {
 public:
  explicit Model(Vocabulary vocabulary) : vocabulary_(std::move(vocabulary)) {}
  virtual ~Model() = default;

  // Working memory of one encoding; what lies in it between two words means nothing.
  class Workspace {
   public:
    virtual ~Workspace() = default;
  };
  virtual std::unique_ptr<Workspace> make_workspace() const { return nullptr; }

  // Appends the tokens of `word` (not empty). Throws a `text` error when a part is unknown and there is no token for
  // that. [any thread, each with its own workspace]
  virtual void tokenize(std::string_view word, Workspace* workspace, std::vector<Token>& out) const = 0;

  const Vocabulary& vocabulary() const { return vocabulary_; }

  // Where the numbering of added tokens begins.
  virtual std::size_t size() const { return vocabulary_.size(); }

 private:
  Vocabulary vocabulary_;
};

// Supported: BPE, WordPiece, WordLevel, Unigram. Throws `description` errors.
std::unique_ptr<const Model> make_model(const JsonView& json);

// {"token": id, ...}
Vocabulary read_vocabulary(const JsonView& json);

std::unique_ptr<const Model> make_bpe(const JsonView& json);
std::unique_ptr<const Model> make_word_piece(const JsonView& json);
std::unique_ptr<const Model> make_word_level(const JsonView& json);
std::unique_ptr<const Model> make_unigram(const JsonView& json);

}  // namespace motet::tokenizer
