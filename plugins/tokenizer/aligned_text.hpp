// Text under normalization that remembers, for every byte, which bytes of the original it stands for.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace motet::tokenizer {

// Bytes [begin, end) of the original text.
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  bool operator==(const Span&) const = default;
};

// One character of a rewritten text and what it did to the characters of the text before: 0 stands for the next one,
// 1 was inserted after the last, -n stands for the next one and swallows n more.
struct Change {
  char32_t code;
  int change;
};

struct AlignedText {
  std::string text;
  std::vector<Span> origin;          // one a byte of `text`
  std::uint32_t original_begin = 0;  // where the original of this part begins

  // Bytes [begin, begin + part.size()) of an original, unchanged so far.
  static AlignedText of(std::string_view part, std::uint32_t begin);

  // Replaces the whole text; `skipped` characters at its front stand for nothing in the new one.
  void rewrite(const std::vector<Change>& changes, std::size_t skipped = 0);

  // Inserts before the first character (nothing happens to empty text); shares that character's origin.
  void prepend(std::string_view prefix);

  template <class Keep>
  void filter(Keep keep);

  // Replaces every [begin, end) of `matches` (ordered, disjoint) by `content`.
  void replace(const std::vector<Span>& matches, std::string_view content);

  void strip(bool left, bool right);  // White_Space at the ends

  // For every character, calls visit(code).
  template <class Visit>
  void each(Visit visit) const;
};

}  // namespace motet::tokenizer

#include "tokenizer/utf8.hpp"

namespace motet::tokenizer {

template <class Visit>
void AlignedText::each(Visit visit) const {
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Char c = utf8_at(text, at);
    visit(c.code);
    at += c.size;
  }
}

template <class Keep>
void AlignedText::filter(Keep keep) {
  std::size_t out = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Char c = utf8_at(text, at);
    if (keep(c.code)) {
      if (out != at) {
        for (std::size_t i = 0; i < c.size; ++i) {
          text[out + i] = text[at + i];
          origin[out + i] = origin[at + i];
        }
      }
      out += c.size;
    }
    at += c.size;
  }
  text.resize(out);
  origin.resize(out);
}

}  // namespace motet::tokenizer
