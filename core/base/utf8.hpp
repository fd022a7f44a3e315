// UTF-8: where it breaks, and how many characters it has.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace motet::base {

// Byte offset of the first byte that does not belong to well-formed UTF-8 (RFC 3629: no overlong forms, no
// surrogates, nothing above U+10FFFF); nothing where all is well.
std::optional<std::size_t> first_bad_utf8(std::string_view text);

// Code points in well-formed UTF-8.
std::size_t count_characters(std::string_view text);

// Bytes at the end of `text` that begin a character which is not complete (0 to 3).
std::size_t incomplete_tail(std::string_view text);

}  // namespace motet::base
