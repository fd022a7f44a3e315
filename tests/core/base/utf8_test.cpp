#include "base/utf8.hpp"

#include <cstdint>
#include <string>

#include "support/catch.hpp"

using namespace motet::base;

namespace {

// RFC 3629, straight from its table: an encoder, to know what a decoder must accept.
std::string encode(std::uint32_t c) {
  const auto byte = [](std::uint32_t b) { return std::string(1, static_cast<char>(b)); };
  if (c < 0x80) return byte(c);
  if (c < 0x800) return byte(0xC0 | c >> 6) + byte(0x80 | (c & 0x3F));
  if (c < 0x10000) return byte(0xE0 | c >> 12) + byte(0x80 | (c >> 6 & 0x3F)) + byte(0x80 | (c & 0x3F));
  return byte(0xF0 | c >> 18) + byte(0x80 | (c >> 12 & 0x3F)) + byte(0x80 | (c >> 6 & 0x3F)) + byte(0x80 | (c & 0x3F));
}

}  // namespace

TEST_CASE("every code point but the surrogates is well-formed") {
  std::size_t wrong = 0;
  for (std::uint32_t c = 0; c <= 0x110000; ++c) {
    const bool good = c <= 0x10FFFF && !(c >= 0xD800 && c <= 0xDFFF);
    const std::string text = encode(c);
    if (first_bad_utf8(text).has_value() == good) ++wrong;
    if (good && count_characters(text) != 1) ++wrong;
    for (std::size_t cut = 1; good && cut < text.size(); ++cut) {
      if (first_bad_utf8(text.substr(0, cut)) != 0 || incomplete_tail("a" + text.substr(0, cut)) != cut) ++wrong;
    }
    if (good && incomplete_tail("a" + text) != 0) ++wrong;
  }
  CHECK(wrong == 0);
}

TEST_CASE("every pair of bytes is judged as the encoder says") {
  std::size_t good = 0;
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; ++b) {
      const std::string text{static_cast<char>(a), static_cast<char>(b)};
      good += first_bad_utf8(text) ? 0 : 1;
    }
  }
  CHECK(good == 128 * 128 + 30 * 64);  // two ASCII characters, or one of two bytes (leads C2 to DF)
}

TEST_CASE("the offset is that of the first byte of what is broken") {
  CHECK(first_bad_utf8("aé\xFFz") == 3);
  CHECK(first_bad_utf8("a\x80") == 1);
  CHECK(first_bad_utf8("\xC0\xAF") == 0);          // overlong /
  CHECK(first_bad_utf8("\xE0\x80\xAF") == 0);      // overlong /
  CHECK(first_bad_utf8("\xF0\x80\x80\xAF") == 0);  // overlong /
  CHECK(first_bad_utf8("ab\xED\xA0\x80") == 2);    // a surrogate
  CHECK(first_bad_utf8("\xF4\x90\x80\x80") == 0);  // U+110000
  CHECK(first_bad_utf8("x\xE2\x82") == 1);         // cut off
  CHECK_FALSE(first_bad_utf8(""));
  CHECK_FALSE(first_bad_utf8(std::string_view("\0", 1)));
}

TEST_CASE("characters are counted, and an incomplete end is found") {
  CHECK(count_characters("añ日😀") == 4);
  CHECK(incomplete_tail("añ日😀") == 0);
  CHECK(incomplete_tail("a\xF0\x9F\x98") == 3);
  CHECK(incomplete_tail("\xE6\x97") == 2);
  CHECK(incomplete_tail("a\xC3") == 1);
  CHECK(incomplete_tail("") == 0);
  CHECK(incomplete_tail("\x80\x80\x80\x80") == 0);  // broken, not incomplete
}
