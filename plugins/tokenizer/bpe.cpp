#include "tokenizer/bpe.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace motet::tokenizer {
namespace {

constexpr std::uint32_t kNone = 0xFFFFFFFF;
constexpr char32_t kPlainEnd = 0x250;  // covers what byte-level vocabularies write

struct Symbol {
  TokenId id;
  std::uint32_t previous, next;
  std::uint32_t size;  // bytes; 0 once merged into the one before
};

struct Candidate {
  std::uint32_t rank, at;
  TokenId id;
};
// For a heap whose front is the lowest rank, and of equal ones the leftmost.
struct Later {
  bool operator()(const Candidate& a, const Candidate& b) const {
    return a.rank != b.rank ? a.rank > b.rank : a.at > b.at;
  }
};

}  // namespace

void MergeTable::reserve(std::size_t merges) {
  slots_.assign(std::bit_ceil(merges * 2 + 2), Slot{});
  mask_ = slots_.size() - 1;
}

void MergeTable::add(TokenId left, TokenId right, Merge merge) {
  const std::uint64_t key = key_of(left, right);
  std::size_t at = slot_of(key);
  while (slots_[at].key != kEmpty && slots_[at].key != key) at = (at + 1) & mask_;
  slots_[at] = {key, merge};
}

MergeReader::MergeReader(const Vocabulary& vocabulary, std::size_t merges, std::size_t prefix_size, std::string place)
    : vocabulary_(vocabulary), prefix_size_(prefix_size), place_(std::move(place)), joined_(kTogether) {
  table_.reserve(merges);
  waiting_.reserve(kTogether);
}

void MergeReader::add(std::string_view left, std::string_view right, std::size_t index) {
  std::string& both = joined_[waiting_.size()];
  both = left;
  both += right.substr(std::min(prefix_size_, right.size()));
  waiting_.push_back({vocabulary_.prepare(left), vocabulary_.prepare(right), vocabulary_.prepare(both), index});
  if (waiting_.size() == kTogether) resolve();
}

TokenId MergeReader::need(const Vocabulary::Key& key, std::size_t index) const {
  const TokenId id = vocabulary_.find(key);
  if (id == kNoToken) {
    fail_description(place_ + '[' + std::to_string(index) + ']',
                     "names the token '" + std::string(key.text) + "', which is not in the vocabulary");
  }
  return id;
}

void MergeReader::resolve() {
  for (const Waiting& merge : waiting_) {
    vocabulary_.approach(merge.left);
    vocabulary_.approach(merge.right);
    vocabulary_.approach(merge.both);
  }
  struct Found {
    TokenId left, right, both;
  };
  std::array<Found, kTogether> found;
  for (std::size_t i = 0; i < waiting_.size(); ++i) {
    const Waiting& merge = waiting_[i];
    found[i] = {need(merge.left, merge.index), need(merge.right, merge.index), need(merge.both, merge.index)};
    table_.approach(found[i].left, found[i].right);
  }
  for (std::size_t i = 0; i < waiting_.size(); ++i) {
    table_.add(found[i].left, found[i].right, {rank_++, found[i].both});
  }
  waiting_.clear();
}

MergeTable MergeReader::finish() {
  resolve();
  return std::move(table_);
}

struct Bpe::Symbols : Model::Workspace {
  std::vector<Symbol> symbols;
  std::vector<Candidate> heap;
  std::string text;

  void push(TokenId id, std::size_t size) {
    const auto at = static_cast<std::uint32_t>(symbols.size());
    if (at > 0) symbols.back().next = at;
    symbols.push_back({id, at > 0 ? at - 1 : kNone, kNone, static_cast<std::uint32_t>(size)});
  }
};

Bpe::Bpe(Vocabulary vocabulary, MergeTable merges, BpeOptions options)
    : Model(std::move(vocabulary)), merges_(std::move(merges)), options_(std::move(options)) {
  if (options_.unknown) unknown_id_ = this->vocabulary().find(*options_.unknown);
  std::string text;
  for (char32_t code = 0; code < kPlainEnd; ++code) {
    text.clear();
    append_utf8(text, code);
    plain_ids_.push_back(this->vocabulary().find(text));
  }
  for (int byte = 0; options_.byte_fallback && byte < 256; ++byte) {
    byte_ids_.push_back(this->vocabulary().find(byte_token_name(static_cast<unsigned char>(byte))));
  }
}

std::unique_ptr<Model::Workspace> Bpe::make_workspace() const { return std::make_unique<Symbols>(); }

TokenId Bpe::character_id(std::string_view character, bool first, bool last, Symbols& symbols) const {
  const bool prefixed = !first && !options_.continuing_prefix.empty();
  const bool suffixed = last && !options_.end_suffix.empty();
  if (!prefixed && !suffixed) {
    const char32_t code = utf8_at(character, 0).code;
    return code < kPlainEnd ? plain_ids_[code] : vocabulary().find(character);
  }
  symbols.text.clear();
  if (prefixed) symbols.text += options_.continuing_prefix;
  symbols.text += character;
  if (suffixed) symbols.text += options_.end_suffix;
  return vocabulary().find(symbols.text);
}

bool Bpe::push_bytes(std::string_view bytes, Symbols& symbols) const {
  for (const char c : bytes) {
    if (byte_ids_[static_cast<unsigned char>(c)] == kNoToken) return false;
  }
  for (const char c : bytes) symbols.push(byte_ids_[static_cast<unsigned char>(c)], 1);
  return true;
}

void Bpe::split(std::string_view word, Symbols& symbols) const {
  std::size_t unknown_size = 0;  // bytes of an unknown character (or several fused) not pushed yet
  const auto flush = [&] {
    if (unknown_size > 0) symbols.push(unknown_id_, unknown_size);
    unknown_size = 0;
  };
  for (std::size_t at = 0; at < word.size();) {
    const std::uint32_t size = utf8_lead_size(word[at]);
    const std::string_view character = word.substr(at, size);
    const bool first = at == 0;
    at += size;
    const bool last = at == word.size();
    const TokenId id = character_id(character, first, last, symbols);
    if (id != kNoToken) {
      flush();
      symbols.push(id, size);
      continue;
    }
    if (options_.byte_fallback) {
      // With a prefix or suffix the reference falls back on their bytes too.
      const bool decorated = (!first && !options_.continuing_prefix.empty()) || (last && !options_.end_suffix.empty());
      if (push_bytes(decorated ? std::string_view(symbols.text) : character, symbols)) continue;
    }
    if (!options_.unknown) continue;
    if (unknown_id_ == kNoToken) {
      fail_text("'" + std::string(character) + "' is not in the vocabulary, nor is the unknown token '" +
                *options_.unknown + "'");
    }
    if (!options_.fuse_unknown) flush();
    unknown_size += size;
  }
  flush();
}

void Bpe::merge(Symbols& work) const {
  std::vector<Symbol>& symbols = work.symbols;
  std::vector<Candidate>& heap = work.heap;
  heap.clear();
  const auto candidate = [&](std::uint32_t at) -> std::optional<Candidate> {
    const MergeTable::Merge found = merges_.find(symbols[at].id, symbols[symbols[at].next].id);
    if (found.id == kNoToken) return std::nullopt;
    return Candidate{found.rank, at, found.id};
  };
  const auto push = [&](std::uint32_t at) {
    if (const auto found = candidate(at)) {
      heap.push_back(*found);
      std::push_heap(heap.begin(), heap.end(), Later());
    }
  };
  for (std::uint32_t at = 0; at + 1 < symbols.size(); ++at) {
    if (const auto found = candidate(at)) heap.push_back(*found);
  }
  std::make_heap(heap.begin(), heap.end(), Later());

  while (!heap.empty()) {
    std::pop_heap(heap.begin(), heap.end(), Later());
    const Candidate top = heap.back();
    heap.pop_back();
    Symbol& left = symbols[top.at];
    if (left.size == 0 || left.next == kNone) continue;
    Symbol& right = symbols[left.next];
    // The pair may have changed since; like the reference, go by what it would become, not by the rank.
    if (merges_.find(left.id, right.id).id != top.id) continue;
    left.id = top.id;
    left.size += right.size;
    left.next = right.next;
    right.size = 0;
    if (left.next != kNone) symbols[left.next].previous = top.at;
    if (left.previous != kNone) push(left.previous);
    if (left.next != kNone) push(top.at);
  }
}

void Bpe::tokenize(std::string_view word, Workspace* workspace, std::vector<Token>& out) const {
  if (options_.ignore_merges) {
    if (const TokenId id = vocabulary().find(word); id != kNoToken) {
      out.push_back({id, 0, static_cast<std::uint32_t>(word.size())});
      return;
    }
  }
  auto& work = static_cast<Symbols&>(*workspace);
  work.symbols.clear();
  split(word, work);
  merge(work);
  std::uint32_t at = 0;
  for (const Symbol& symbol : work.symbols) {
    if (symbol.size == 0) continue;
    out.push_back({symbol.id, at, at + symbol.size});
    at += symbol.size;
  }
}

}  // namespace motet::tokenizer
