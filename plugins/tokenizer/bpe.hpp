// Byte-pair encoding: characters, merged pair by pair in the order of the ranks.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tokenizer/model.hpp"

namespace motet::tokenizer {

// (left, right) -> rank and the token that the two become, in a flat table.
class MergeTable {
 public:
  struct Merge {
    std::uint32_t rank;
    TokenId id;  // kNoToken when the two do not merge
  };

  void reserve(std::size_t merges);
  void add(TokenId left, TokenId right, Merge merge);  // the later of two for the same pair counts
  // Asks for the memory that add() of the two will need: the table is larger than most caches.
  void approach(TokenId left, TokenId right) const { __builtin_prefetch(&slots_[slot_of(key_of(left, right))], 1); }

  Merge find(TokenId left, TokenId right) const {
    const std::uint64_t key = key_of(left, right);
    for (std::size_t at = slot_of(key); slots_[at].key != kEmpty; at = (at + 1) & mask_) {
      if (slots_[at].key == key) return slots_[at].merge;
    }
    return {0, kNoToken};
  }

 private:
  static constexpr std::uint64_t kEmpty = ~std::uint64_t{0};
  struct Slot {
    std::uint64_t key = kEmpty;
    Merge merge{0, kNoToken};
  };
  static std::uint64_t key_of(TokenId left, TokenId right) { return std::uint64_t{left} << 32 | right; }
  std::size_t slot_of(std::uint64_t key) const { return key * 0x9E3779B97F4A7C15ULL >> 32 & mask_; }

  std::vector<Slot> slots_ = std::vector<Slot>(1);
  std::size_t mask_ = 0;
};

struct BpeOptions {
  std::optional<std::string> unknown;  // the token for what is unknown; without it that is dropped
  std::string continuing_prefix;       // before each character of a word but the first
  std::string end_suffix;              // after the last character of a word
  bool fuse_unknown = false;           // neighbouring unknown characters become one token
  bool byte_fallback = false;          // unknown characters become their bytes' tokens
  bool ignore_merges = false;          // a word that is a token is that token
};

class Bpe : public Model {
 public:
  Bpe(Vocabulary vocabulary, MergeTable merges, BpeOptions options);

  std::unique_ptr<Workspace> make_workspace() const override;
  void tokenize(std::string_view word, Workspace* workspace, std::vector<Token>& out) const override;

 private:
  struct Symbols;
  TokenId character_id(std::string_view character, bool first, bool last, Symbols& symbols) const;
  void split(std::string_view word, Symbols& symbols) const;
  bool push_bytes(std::string_view bytes, Symbols& symbols) const;
  void merge(Symbols& symbols) const;

  MergeTable merges_;
  BpeOptions options_;
  TokenId unknown_id_ = kNoToken;
  std::vector<TokenId> plain_ids_;  // of the first code points, when a character's text is its token's
  std::vector<TokenId> byte_ids_;   // of "<0x00>" ... "<0xFF>"
};

// Collects the merges of a file in the order of their ranks.
class MergeReader {
 public:
  // `prefix_size` bytes at the front of a right part are left out of what the two become. `place` is the list's.
  MergeReader(const Vocabulary& vocabulary, std::size_t merges, std::size_t prefix_size, std::string place);

  // `index` is where in the list it stands. The texts must stay good until finish().
  void add(std::string_view left, std::string_view right, std::size_t index);
  MergeTable finish();  // throws a `description` error for a token that the vocabulary lacks, as add() does

 private:
  struct Waiting {
    Vocabulary::Key left, right, both;
    std::size_t index;
  };
  TokenId need(const Vocabulary::Key& key, std::size_t index) const;
  void resolve();

  static constexpr std::size_t kTogether = 32;

  const Vocabulary& vocabulary_;
  std::size_t prefix_size_;
  std::string place_;
  MergeTable table_;
  std::uint32_t rank_ = 0;
  std::vector<Waiting> waiting_;
  std::vector<std::string> joined_;  // one for each that waits
};

}  // namespace motet::tokenizer
