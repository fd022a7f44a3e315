#include "tokenizer/encoding.hpp"

#include <algorithm>

namespace motet::tokenizer {
namespace {

// Calls visit(member, member of other) for each of the parallel lists.
template <class A, class B, class Visit>
void each_list(A& a, B& b, Visit visit) {
  visit(a.ids, b.ids);
  visit(a.type_ids, b.type_ids);
  visit(a.words, b.words);
  visit(a.offsets, b.offsets);
  visit(a.special_mask, b.special_mask);
  visit(a.attention_mask, b.attention_mask);
  visit(a.blanks, b.blanks);
}

Encoding slice(const Encoding& from, std::size_t begin, std::size_t end) {
  Encoding part;
  each_list(part, from, [&](auto& to, const auto& list) { to.assign(list.begin() + begin, list.begin() + end); });
  return part;
}

void concatenate(Encoding& to, const Encoding& from) {
  each_list(to, from, [](auto& list, const auto& more) { list.insert(list.end(), more.begin(), more.end()); });
}

Side read_side(const JsonView& json, std::string_view key) {
  const std::string_view name = json.string_or(key, "Right");
  if (name == "Right") return Side::right;
  if (name == "Left") return Side::left;
  json.at(key).fail_type("direction", name, "Left, Right");
}

}  // namespace

void Encoding::push(TokenId id, std::uint32_t type_id, std::int32_t word, CharacterRange offset, bool special,
                    CharacterRange blank) {
  ids.push_back(id);
  type_ids.push_back(type_id);
  words.push_back(word);
  offsets.push_back(offset);
  special_mask.push_back(special);
  attention_mask.push_back(1);
  blanks.push_back(blank);
}

void Encoding::truncate(std::size_t length, std::size_t stride, Side direction) {
  if (length >= size()) return;
  if (length == 0) {
    Encoding all = std::move(*this);
    *this = Encoding();
    overflow.push_back(std::move(all));
    return;
  }
  std::vector<Encoding> parts;
  const std::size_t step = length - stride;
  const std::size_t total = size();
  for (std::size_t skipped = 0; skipped < total; skipped += step) {
    const std::size_t reach = std::min(skipped + length, total);
    parts.push_back(direction == Side::right ? slice(*this, skipped, reach)
                                             : slice(*this, total - reach, total - skipped));
    if (reach == total) break;
  }
  Encoding kept = std::move(parts.front());
  parts.erase(parts.begin());
  kept.overflow = std::move(parts);
  *this = std::move(kept);
}

void Encoding::append(const Encoding& other) {
  std::vector<Encoding> combined;
  const auto combine = [&](const Encoding& a, const Encoding& b) {
    Encoding both = slice(a, 0, a.size());
    concatenate(both, b);
    combined.push_back(std::move(both));
  };
  for (const Encoding& mine : overflow) {
    combine(mine, other);
    for (const Encoding& theirs : other.overflow) combine(mine, theirs);
  }
  for (const Encoding& theirs : other.overflow) combine(*this, theirs);
  concatenate(*this, other);
  overflow = std::move(combined);
}

void Encoding::pad(std::size_t length, TokenId id, std::uint32_t type_id, Side direction) {
  for (Encoding& part : overflow) part.pad(length, id, type_id, direction);
  if (size() >= length) return;
  Encoding filler;
  for (std::size_t i = size(); i < length; ++i) filler.push(id, type_id, -1, {}, true, {});
  std::fill(filler.attention_mask.begin(), filler.attention_mask.end(), 0);
  each_list(*this, filler, [&](auto& list, const auto& more) {
    list.insert(direction == Side::left ? list.begin() : list.end(), more.begin(), more.end());
  });
}

void truncate(Encoding& first, Encoding* second, const Truncation& truncation, std::size_t added) {
  if (added > truncation.max_length) {
    fail_text("truncation to " + std::to_string(truncation.max_length) + " tokens leaves no room for the " +
              std::to_string(added) + " special tokens");
  }
  const std::size_t limit = truncation.max_length - added;
  const std::size_t total = first.size() + (second != nullptr ? second->size() : 0);
  if (limit > 0 && total <= limit) return;
  const auto shorten = [&](Encoding& encoding, std::size_t length) {
    if (length > 0 && length < encoding.size() && truncation.stride >= length) {
      fail_text("the truncation's stride of " + std::to_string(truncation.stride) + " must be less than the " +
                std::to_string(length) + " tokens that are kept");
    }
    encoding.truncate(length, truncation.stride, truncation.direction);
  };
  if (limit == 0) {
    shorten(first, 0);
    if (second != nullptr) shorten(*second, 0);
    return;
  }
  if (truncation.strategy == Truncation::Strategy::longest_first) {
    if (second == nullptr) return shorten(first, limit);
    // The shorter text stays whole while it takes no more than its half.
    const std::size_t shorter = std::min(first.size(), second->size());
    std::size_t small = shorter;
    std::size_t large = shorter > limit ? shorter : std::max(shorter, limit - shorter);
    if (small + large > limit) {
      small = limit / 2;
      large = small + limit % 2;
    }
    const bool first_is_larger = first.size() > second->size();
    shorten(first, first_is_larger ? large : small);
    shorten(*second, first_is_larger ? small : large);
    return;
  }
  const bool only_first = truncation.strategy == Truncation::Strategy::only_first;
  if (!only_first && second == nullptr) fail_text("truncation of the second text only, but there is no second text");
  Encoding& target = only_first ? first : *second;
  if (target.size() <= total - limit) fail_text("the text to truncate is too short to reach the length wanted");
  shorten(target, target.size() - (total - limit));
}

void pad(std::vector<Encoding>& batch, const Padding& padding) {
  std::size_t length = padding.fixed;
  if (length == 0) {
    for (const Encoding& encoding : batch) length = std::max(length, encoding.size());
  }
  if (padding.multiple_of > 0 && length % padding.multiple_of > 0) {
    length += padding.multiple_of - length % padding.multiple_of;
  }
  for (Encoding& encoding : batch) encoding.pad(length, padding.id, padding.type_id, padding.direction);
}

namespace {
// Lengths beyond this are mistakes that would ask for gigabytes.
constexpr std::uint64_t kMaxLength = 1U << 24;
}  // namespace

Truncation read_truncation(const JsonView& json) {
  Truncation truncation;
  truncation.max_length = json.at("max_length").unsigned_integer(~std::uint64_t{0} >> 1);
  if (const auto stride = json.find("stride")) truncation.stride = stride->unsigned_integer(kMaxLength);
  truncation.direction = read_side(json, "direction");
  const std::string_view strategy = json.string_or("strategy", "LongestFirst");
  if (strategy == "OnlyFirst") {
    truncation.strategy = Truncation::Strategy::only_first;
  } else if (strategy == "OnlySecond") {
    truncation.strategy = Truncation::Strategy::only_second;
  } else if (strategy != "LongestFirst") {
    json.at("strategy").fail_type("truncation strategy", strategy, "LongestFirst, OnlyFirst, OnlySecond");
  }
  return truncation;
}

Padding read_padding(const JsonView& json) {
  Padding padding;
  const JsonView strategy = json.at("strategy");
  if (strategy.is_string()) {
    if (strategy.string() != "BatchLongest")
      strategy.fail_type("padding strategy", strategy.string(), "BatchLongest, Fixed");
  } else {
    padding.fixed = strategy.at("Fixed").unsigned_integer(kMaxLength);
  }
  padding.direction = read_side(json, "direction");
  if (const auto multiple = json.find("pad_to_multiple_of"))
    padding.multiple_of = multiple->unsigned_integer(kMaxLength);
  if (const auto id = json.find("pad_id")) padding.id = static_cast<TokenId>(id->unsigned_integer(kMaxTokenId));
  if (const auto type = json.find("pad_type_id"))
    padding.type_id = static_cast<std::uint32_t>(type->unsigned_integer(kMaxTokenId));
  return padding;
}

}  // namespace motet::tokenizer
