// The unigram language model: of all ways to cut a word into tokens the one with the greatest sum of scores.
#pragma once

#include <optional>
#include <vector>

#include "tokenizer/model.hpp"
#include "tokenizer/prefix_trie.hpp"

namespace motet::tokenizer {

class Unigram : public Model {
 public:
  // `scores` by id, one for each id below vocabulary.id_end().
  Unigram(Vocabulary vocabulary, std::vector<double> scores, std::optional<TokenId> unknown, bool byte_fallback);

  std::unique_ptr<Workspace> make_workspace() const override;
  void tokenize(std::string_view word, Workspace* workspace, std::vector<Token>& out) const override;
  std::size_t size() const override { return scores_.size(); }

 private:
  struct Lattice;
  void search(std::string_view word, Lattice& lattice) const;
  void push(std::string_view word, std::uint32_t begin, std::uint32_t end, std::vector<Token>& out) const;

  std::vector<double> scores_;
  std::optional<TokenId> unknown_;
  double unknown_score_;
  bool byte_fallback_;
  PrefixTrie trie_;
};

}  // namespace motet::tokenizer
