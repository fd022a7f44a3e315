#include "tokenizer/vocabulary.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace motet::tokenizer {
namespace {

__extension__ using Wide = unsigned __int128;

template <class Word>
std::uint64_t load(const char* at) {
  Word word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

// Multiply and fold, eight bytes at a time; the last words overlap, so that no length needs a loop over bytes.
std::uint32_t hash_of(std::string_view text) {
  constexpr std::uint64_t kFactor = 0x9E3779B97F4A7C15ULL;
  const char* at = text.data();
  const std::size_t size = text.size();
  std::uint64_t state = size * kFactor;
  const auto mix = [&](std::uint64_t word) {
    const Wide product = static_cast<Wide>(state ^ word) * kFactor;
    state = static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  };
  if (size >= 8) {
    for (std::size_t done = 0; done + 8 < size; done += 8) mix(load<std::uint64_t>(at + done));
    mix(load<std::uint64_t>(at + size - 8));
  } else if (size >= 4) {
    mix(load<std::uint32_t>(at) << 32 | load<std::uint32_t>(at + size - 4));
  } else if (size > 0) {
    mix(load<std::uint8_t>(at) << 16 | load<std::uint8_t>(at + size / 2) << 8 | load<std::uint8_t>(at + size - 1));
  }
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

Vocabulary::Key Vocabulary::prepare(std::string_view text) const {
  const Key key{text, hash_of(text)};
  __builtin_prefetch(&slots_[key.hash & (slots_.size() - 1)]);
  return key;
}

void Vocabulary::approach(const Key& key) const {
  const std::uint32_t entry = slots_[key.hash & (slots_.size() - 1)].entry;
  if (entry != kNoToken) __builtin_prefetch(&entries_[entry]);
}

TokenId Vocabulary::find(const Key& key) const {
  const Slot& slot = slots_[slot_of(key.text, key.hash)];
  return slot.entry == kNoToken ? kNoToken : entries_[slot.entry].id;
}

TokenId Vocabulary::find(std::string_view text) const { return find(Key{text, hash_of(text)}); }

std::string_view Vocabulary::text(TokenId id) const {
  return has(id) ? text_of(entries_[entry_of_id_[id]]) : std::string_view();
}

std::string byte_token_name(unsigned char byte) {
  constexpr const char* kHex = "0123456789ABCDEF";
  return {'<', '0', 'x', kHex[byte >> 4], kHex[byte & 15], '>'};
}

}  // namespace motet::tokenizer
