// Tokens by text and by id: all texts lie in one arena and are found through a flat table, so that a vocabulary of tens
// of thousands of tokens loads in a few milliseconds.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace motet::tokenizer {

using TokenId = std::uint32_t;
inline constexpr TokenId kNoToken = 0xFFFFFFFF;
// Larger ids are refused: a table by id must not let a small file ask for gigabytes.
inline constexpr TokenId kMaxTokenId = (1U << 24) - 1;

class Vocabulary {
 public:
  void reserve(std::size_t tokens, std::size_t bytes);

  // A text given twice is found as the later id, though both ids give it back; an id given twice keeps the later text.
  // `id` <= kMaxTokenId.
  void add(std::string_view text, TokenId id);

  TokenId find(std::string_view text) const;  // kNoToken when absent

  // The same in three steps for many texts at once: each step asks for the memory that the next one needs, so that the
  // waits overlap. A key's text must stay good.
  struct Key {
    std::string_view text;
    std::uint32_t hash;
  };
  Key prepare(std::string_view text) const;
  void approach(const Key& key) const;
  TokenId find(const Key& key) const;

  bool has(TokenId id) const { return id < entry_of_id_.size() && entry_of_id_[id] != kNoToken; }
  std::string_view text(TokenId id) const;                    // empty when absent
  std::size_t size() const { return entries_.size(); }        // different texts
  std::size_t id_end() const { return entry_of_id_.size(); }  // one more than the largest id
  std::size_t longest_text() const { return longest_text_; }  // in bytes

 private:
  struct Entry {
    std::uint32_t begin, size;
    TokenId id;
  };
  struct Slot {
    std::uint32_t hash;
    std::uint32_t entry;
  };

  std::string_view text_of(const Entry& entry) const { return {arena_.data() + entry.begin, entry.size}; }
  std::size_t slot_of(std::string_view text, std::uint32_t hash) const;
  void grow(std::size_t slots);

  std::string arena_;
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> entry_of_id_;
  std::vector<Slot> slots_ = std::vector<Slot>(1, Slot{0, kNoToken});  // a power of two of them
  std::size_t longest_text_ = 0;
};

// "<0x0A>", the name of a byte's token in vocabularies with byte fallback.
std::string byte_token_name(unsigned char byte);

}  // namespace motet::tokenizer
