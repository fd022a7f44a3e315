// UTF-8 as the tokenizer needs it: code points of text known to be valid, and the place of what is not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace motet::tokenizer {

struct Utf8Char {
  char32_t code;
  std::uint32_t size;  // bytes
};

// A maximal ill-formed sequence: where it begins and how many bytes one replacement character stands for.
struct Utf8Fault {
  std::size_t offset;
  std::uint32_t size;
};

inline std::uint32_t utf8_size(char32_t code) { return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4; }

// Bytes of the character that begins with this lead byte; the text must be valid.
inline std::uint32_t utf8_lead_size(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

// The character at `at`; the text must be valid UTF-8 and `at` one of its boundaries.
inline Utf8Char utf8_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<char32_t>(static_cast<unsigned char>(text[at + i])); };
  const char32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  if (lead < 0xE0) return {(lead & 0x1F) << 6 | (byte(1) & 0x3F), 2};
  if (lead < 0xF0) return {(lead & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F), 3};
  return {(lead & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F), 4};
}

// The character that ends just before `end` (> 0), under the same conditions.
inline Utf8Char utf8_before(std::string_view text, std::size_t end) {
  std::size_t at = end - 1;
  while ((static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --at;
  return utf8_at(text, at);
}

// The characters that lie wholly within the first `most_bytes` of valid text.
std::string_view utf8_front(std::string_view text, std::size_t most_bytes);

void append_utf8(std::string& out, char32_t code);
std::size_t count_utf8(std::string_view text);  // characters of valid text

std::optional<Utf8Fault> find_utf8_fault(std::string_view text, std::size_t from = 0);
std::string utf8_lossy(std::string_view bytes);  // each fault becomes one U+FFFD

}  // namespace motet::tokenizer
