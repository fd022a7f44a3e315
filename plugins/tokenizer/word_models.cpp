// WordPiece (greedy, longest piece first) and WordLevel (a word is a token).
#include <algorithm>

#include "tokenizer/model.hpp"
#include "tokenizer/utf8.hpp"

namespace motet::tokenizer {
namespace {

class WordModel : public Model {
 protected:
  WordModel(Vocabulary vocabulary, std::string unknown)
      : Model(std::move(vocabulary)), unknown_(std::move(unknown)), unknown_id_(this->vocabulary().find(unknown_)) {}

  void push_unknown(std::string_view word, std::vector<Token>& out) const {
    if (unknown_id_ == kNoToken) {
      fail_text("'" + std::string(utf8_front(word, 80)) + "' is not in the vocabulary, nor is the unknown token '" +
                unknown_ + "'");
    }
    out.push_back({unknown_id_, 0, static_cast<std::uint32_t>(word.size())});
  }

 private:
  std::string unknown_;
  TokenId unknown_id_;
};

class WordPiece : public WordModel {
 public:
  explicit WordPiece(const JsonView& json)
      : WordModel(read_vocabulary(json.at("vocab")), std::string(json.string_or("unk_token", "[UNK]"))),
        prefix_(json.string_or("continuing_subword_prefix", "##")) {
    if (const auto limit = json.find("max_input_chars_per_word")) longest_word_ = limit->unsigned_integer(1U << 30);
  }

  void tokenize(std::string_view word, Workspace*, std::vector<Token>& out) const override {
    const std::size_t before = out.size();
    if (count_utf8(word) <= longest_word_ && pieces_of(word, out)) return;
    out.resize(before);
    push_unknown(word, out);
  }

 private:
  bool pieces_of(std::string_view word, std::vector<Token>& out) const {
    std::string key;
    for (std::size_t begin = 0; begin < word.size();) {
      key = begin > 0 ? prefix_ : std::string();
      const std::size_t prefix_size = key.size();
      // No piece is longer than the longest token, so that a long word takes time in proportion to its length.
      key += word.substr(begin, vocabulary().longest_text());
      TokenId id = kNoToken;
      while (key.size() > prefix_size && (id = vocabulary().find(key)) == kNoToken) {
        do key.pop_back();
        while (key.size() > prefix_size && (word[begin + key.size() - prefix_size] & 0xC0) == 0x80);
      }
      if (id == kNoToken) return false;
      const std::size_t end = begin + key.size() - prefix_size;
      out.push_back({id, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)});
      begin = end;
    }
    return true;
  }

  std::string prefix_;
  std::uint64_t longest_word_ = 100;
};

class WordLevel : public WordModel {
 public:
  explicit WordLevel(const JsonView& json)
      : WordModel(read_vocabulary(json.at("vocab")), std::string(json.string_or("unk_token", "<unk>"))) {}

  void tokenize(std::string_view word, Workspace*, std::vector<Token>& out) const override {
    const TokenId id = vocabulary().find(word);
    if (id == kNoToken) return push_unknown(word, out);
    out.push_back({id, 0, static_cast<std::uint32_t>(word.size())});
  }
};

}  // namespace

std::unique_ptr<const Model> make_word_piece(const JsonView& json) { return std::make_unique<WordPiece>(json); }
std::unique_ptr<const Model> make_word_level(const JsonView& json) { return std::make_unique<WordLevel>(json); }

}  // namespace motet::tokenizer
