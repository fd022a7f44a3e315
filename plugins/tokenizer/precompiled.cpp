#include "tokenizer/precompiled.hpp"

#include <unicode/brkiter.h>
#include <unicode/utext.h>

#include <array>
#include <memory>

#include "tokenizer/utf8.hpp"

namespace motet::tokenizer {
namespace {

std::string decode_base64(const JsonView& json) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::array<int, 256> value{};
  value.fill(-1);
  for (std::size_t i = 0; i < kDigits.size(); ++i) value[static_cast<unsigned char>(kDigits[i])] = static_cast<int>(i);
  std::string_view text = json.string();
  if (text.size() % 4 != 0) json.fail("is not base64: its length is not a multiple of four");
  while (!text.empty() && text.back() == '=' && json.string().size() - text.size() < 2) text.remove_suffix(1);
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t buffer = 0;
  int bits = 0;
  for (const char c : text) {
    const int digit = value[static_cast<unsigned char>(c)];
    if (digit < 0) json.fail("is not base64");
    buffer = buffer << 6 | static_cast<std::uint32_t>(digit);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push_back(static_cast<char>(buffer >> bits & 0xFF));
    }
  }
  return bytes;
}

std::uint32_t little_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (int i = 3; i >= 0; --i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

// Double-array units as Darts packs them.
bool has_leaf(std::uint32_t unit) { return unit >> 8 & 1; }
std::uint32_t leaf_value(std::uint32_t unit) { return unit & 0x7FFFFFFF; }
std::uint32_t label(std::uint32_t unit) { return unit & 0x800000FF; }
std::uint32_t offset(std::uint32_t unit) { return (unit >> 10) << ((unit & 0x200) >> 6); }

// What `replacement` does to the characters of `part`, in the reference's way of counting.
void append_replacement(std::string_view part, std::string_view replacement, std::vector<Change>& changes) {
  const auto old_count = static_cast<int>(count_utf8(part));
  const auto new_count = static_cast<int>(count_utf8(replacement));
  for (std::size_t at = 0; at < replacement.size();) {
    const Utf8Char c = utf8_at(replacement, at);
    changes.push_back({c.code, 0});
    at += c.size;
  }
  for (int i = 0; i < new_count - old_count; ++i) changes[changes.size() - 1 - i].change = 1;
  if (new_count < old_count && !changes.empty()) changes.back().change += new_count - old_count;
}

bool is_simple_ascii(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80 || c == '\r') return false;
  }
  return true;
}

// Calls visit(begin, end) for each grapheme cluster.
template <class Visit>
void each_cluster(std::string_view text, Visit visit) {
  if (is_simple_ascii(text)) {
    for (std::size_t at = 0; at < text.size(); ++at) visit(at, at + 1);
    return;
  }
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::BreakIterator> breaks(
      icu::BreakIterator::createCharacterInstance(icu::Locale::getRoot(), status));
  UText source = UTEXT_INITIALIZER;
  utext_openUTF8(&source, text.data(), static_cast<std::int64_t>(text.size()), &status);
  if (U_SUCCESS(status)) breaks->setText(&source, status);
  if (U_FAILURE(status)) fail_text(std::string("ICU cannot find grapheme clusters: ") + u_errorName(status));
  std::int32_t begin = breaks->first();
  for (std::int32_t end = breaks->next(); end != icu::BreakIterator::DONE; begin = end, end = breaks->next()) {
    visit(static_cast<std::size_t>(begin), static_cast<std::size_t>(end));
  }
  utext_close(&source);
}

}  // namespace

PrecompiledMap::PrecompiledMap(const JsonView& json) {
  const std::string bytes = decode_base64(json);
  if (bytes.size() < 4) json.fail("is too short for a character map");
  const std::size_t size = little_endian(bytes);
  if (size % 4 != 0 || size < 4 || size > bytes.size() - 4) json.fail("gives a trie size that does not fit");
  units_.resize(size / 4);
  for (std::size_t i = 0; i < units_.size(); ++i) units_[i] = little_endian(std::string_view(bytes).substr(4 + 4 * i));
  replacements_ = bytes.substr(4 + size);
  if (const auto fault = find_utf8_fault(replacements_)) {
    json.fail("has replacements that are not UTF-8 at byte " + std::to_string(4 + size + fault->offset));
  }
}

std::optional<std::string_view> PrecompiledMap::lookup(std::string_view part) const {
  std::size_t at = offset(units_[0]);
  for (const char c : part) {
    const auto byte = static_cast<unsigned char>(c);
    at ^= byte;
    if (byte == 0 || at >= units_.size() || label(units_[at]) != byte) return std::nullopt;
    const std::uint32_t unit = units_[at];
    at ^= offset(unit);
    if (!has_leaf(unit)) continue;
    if (at >= units_.size()) return std::nullopt;
    const std::size_t begin = leaf_value(units_[at]);
    // A map that points into the middle of a character is broken; treat it as having no entry.
    if (begin > replacements_.size() || (begin < replacements_.size() && (replacements_[begin] & 0xC0) == 0x80)) {
      return std::nullopt;
    }
    const std::size_t end = replacements_.find('\0', begin);
    return std::string_view(replacements_).substr(begin, end == std::string::npos ? end : end - begin);
  }
  return std::nullopt;
}

void PrecompiledMap::normalize(AlignedText& text) const {
  constexpr std::size_t kLongestWhole = 5;
  std::vector<Change> changes;
  changes.reserve(text.text.size());
  bool modified = false;
  const auto replace = [&](std::string_view part) {
    const std::optional<std::string_view> replacement = lookup(part);
    if (!replacement) return false;
    append_replacement(part, *replacement, changes);
    return modified = true;
  };
  each_cluster(text.text, [&](std::size_t begin, std::size_t end) {
    const std::string_view cluster = std::string_view(text.text).substr(begin, end - begin);
    if (cluster.size() <= kLongestWhole && replace(cluster)) return;
    for (std::size_t at = 0; at < cluster.size();) {
      const Utf8Char c = utf8_at(cluster, at);
      if (!replace(cluster.substr(at, c.size))) changes.push_back({c.code, 0});
      at += c.size;
    }
  });
  if (modified) text.rewrite(changes);
}

}  // namespace motet::tokenizer
