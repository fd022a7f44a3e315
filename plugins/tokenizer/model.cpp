#include "tokenizer/model.hpp"

namespace motet::tokenizer {

Vocabulary read_vocabulary(const JsonView& json) {
  const simdjson::dom::object entries = json.object();
  std::size_t count = 0;
  std::size_t bytes = 0;
  for (const auto [text, id] : entries) {
    ++count;
    bytes += text.size();
  }
  Vocabulary vocabulary;
  vocabulary.reserve(count, bytes);
  for (const auto [text, element] : entries) {
    std::uint64_t id = 0;
    if (element.get(id) != simdjson::SUCCESS || id > kMaxTokenId) {
      fail_description(json.place() + "['" + std::string(text) + "']",
                       "wanted a whole number from 0 to " + std::to_string(kMaxTokenId));
    }
    vocabulary.add(text, static_cast<TokenId>(id));
  }
  return vocabulary;
}

std::unique_ptr<const Model> make_model(const JsonView& json) {
  std::string_view type = json.string_or("type", "");
  if (type.empty()) {  // files of before the types were written
    type = json.find("merges") ? "BPE" : json.at("vocab").is_array() ? "Unigram" : "WordPiece";
  }
  if (type == "BPE") return make_bpe(json);
  if (type == "WordPiece") return make_word_piece(json);
  if (type == "WordLevel") return make_word_level(json);
  if (type == "Unigram") return make_unigram(json);
  json.fail_type("model", type, "BPE, WordPiece, WordLevel, Unigram");
}

}  // namespace motet::tokenizer
