#include "tokenizer/vocabulary.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace motet::tokenizer {
namespace {

__extension__ using Wide = unsigned __int128;

std::uint32_t hash_of(std::string_view text) {
  constexpr std::uint64_t kFactor = 0x9E3779B97F4A7C15ULL;
  std::uint64_t state = text.size() * kFactor;
  const auto mix = [&](std::uint64_t word) {
    const Wide product = static_cast<Wide>(state ^ word) * kFactor;
    state = static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  };
  const char* at = text.data();
  std::size_t left = text.size();
  for (; left >= 8; at += 8, left -= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, 8);
    mix(word);
  }
  std::uint64_t word = 0;
  std::memcpy(&word, at, left);
  mix(word);
  return static_cast<std::uint32_t>(state >> 32);
}

}  // namespace

void Vocabulary::reserve(std::size_t tokens, std::size_t bytes) {
  entries_.reserve(tokens);
  entry_of_id_.reserve(tokens);
  arena_.reserve(bytes);
  grow(std::bit_ceil(tokens * 2 + 16));
}

std::size_t Vocabulary::slot_of(std::string_view text, std::uint32_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  while (slots_[at].entry != kNoToken) {
    if (slots_[at].hash == hash && text_of(entries_[slots_[at].entry]) == text) break;
    at = (at + 1) & mask;
  }
  return at;
}

void Vocabulary::grow(std::size_t slots) {
  if (slots <= slots_.size()) return;
  const std::vector<Slot> old = std::move(slots_);
  slots_.assign(slots, Slot{0, kNoToken});
  const std::size_t mask = slots - 1;
  for (const Slot& slot : old) {
    if (slot.entry == kNoToken) continue;
    std::size_t at = slot.hash & mask;
    while (slots_[at].entry != kNoToken) at = (at + 1) & mask;
    slots_[at] = slot;
  }
}

void Vocabulary::add(std::string_view text, TokenId id) {
  if (slots_.size() < 2 * (entries_.size() + 1)) grow(std::bit_ceil(entries_.size() * 4 + 16));
  const std::uint32_t hash = hash_of(text);
  Slot& slot = slots_[slot_of(text, hash)];
  if (slot.entry == kNoToken) {
    slot = {hash, static_cast<std::uint32_t>(entries_.size())};
    entries_.push_back({static_cast<std::uint32_t>(arena_.size()), static_cast<std::uint32_t>(text.size()), id});
    arena_.append(text);
    longest_text_ = std::max(longest_text_, text.size());
  } else {
    entries_[slot.entry].id = id;
  }
  if (id >= entry_of_id_.size()) entry_of_id_.resize(id + 1, kNoToken);
  entry_of_id_[id] = slot.entry;
}

TokenId Vocabulary::find(std::string_view text) const {
  if (slots_.empty()) return kNoToken;
  const Slot& slot = slots_[slot_of(text, hash_of(text))];
  return slot.entry == kNoToken ? kNoToken : entries_[slot.entry].id;
}

std::string_view Vocabulary::text(TokenId id) const {
  return has(id) ? text_of(entries_[entry_of_id_[id]]) : std::string_view();
}

std::string byte_token_name(unsigned char byte) {
  constexpr const char* kHex = "0123456789ABCDEF";
  return {'<', '0', 'x', kHex[byte >> 4], kHex[byte & 15], '>'};
}

}  // namespace motet::tokenizer
