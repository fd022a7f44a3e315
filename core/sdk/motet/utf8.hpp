// Bytes that may be no text, as text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace motet {
namespace detail {

// The bytes at the beginning that are one character, or begin none and are replaced together.
struct Utf8Piece {
  std::size_t size;
  bool valid;
};

// `bytes` is not empty. As RFC 3629 has it; what is replaced together as The Unicode Standard recommends (3.9, U+FFFD
// substitution of maximal subparts).
inline Utf8Piece first_utf8_piece(std::string_view bytes) {
  const auto at = [&](std::size_t i) { return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U; };
  const unsigned lead = at(0);
  if (lead < 0x80) return {1, true};
  if (lead < 0xC2 || lead > 0xF4) return {1, false};
  // Otherwise it were too long a form, a surrogate, or beyond U+10FFFF.
  const unsigned least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (at(1) < least || at(1) > most) return {1, false};
  const std::size_t size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  for (std::size_t i = 2; i < size; ++i) {
    if ((at(i) & 0xC0) != 0x80) return {i, false};
  }
  return {size, true};
}
}  // namespace detail

// The bytes with U+FFFD for what forms no character, also at the end, where more bytes may complete it: what a
// tokenizer that has pieces of characters as tokens gives for some of them [C101].
inline std::string valid_utf8(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  while (!bytes.empty()) {
    const detail::Utf8Piece piece = detail::first_utf8_piece(bytes);
    out += piece.valid ? bytes.substr(0, piece.size) : std::string_view("\xEF\xBF\xBD");
    bytes.remove_prefix(piece.size);
  }
  return out;
}

}  // namespace motet
