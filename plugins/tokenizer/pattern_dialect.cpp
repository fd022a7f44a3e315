// Oniguruma's regular expressions in ICU's words.
#include <cstdio>

#include "tokenizer/pattern.hpp"
#include "tokenizer/unicode.hpp"

namespace motet::tokenizer {
namespace {

// A set that stands alone needs brackets; inside a bracket expression its members are enough.
std::string as_set(const std::string& members, bool in_set) { return in_set ? members : '[' + members + ']'; }

std::string with_newer(std::string members, CodeClass code_class) {
  for (const CodeRange& range : newer_ranges(code_class)) {
    char text[40];
    std::snprintf(text, sizeof text, "\\U%08X-\\U%08X", static_cast<unsigned>(range.first),
                  static_cast<unsigned>(range.last));
    members += text;
  }
  return members;
}

// The escape at the front of `rest` (which begins with a backslash), and in `size` how much of it was read.
std::string escape(std::string_view rest, bool in_set, std::size_t& size) {
  size = rest.size() < 2 ? 1 : 2;
  switch (rest.size() < 2 ? '\0' : rest[1]) {
    case 'h':
      return as_set("0-9a-fA-F", in_set);  // hexadecimal in Ruby, blanks in ICU
    case 'H':
      return "[^0-9a-fA-F]";
    case 's':
      return as_set("\\p{White_Space}", in_set);
    case 'S':
      return "[^\\p{White_Space}]";
    case 'w':  // without the joiners; alone, but not in a set, with Latin-1's superscripts and fractions
      return as_set(with_newer("\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}", CodeClass::word) +
                        (in_set ? "" : "\\u00B2\\u00B3\\u00B9\\u00BC-\\u00BE"),
                    in_set);
    default:
      break;
  }
  if (rest.starts_with("\\p{L}") || rest.starts_with("\\p{N}")) {
    size = 5;
    const CodeClass code_class = rest[3] == 'L' ? CodeClass::letter : CodeClass::number;
    return as_set(with_newer(std::string(rest.substr(0, 5)), code_class), in_set);
  }
  if (!in_set && (rest.starts_with("\\p{") || rest.starts_with("\\P{")) && rest.find('}') != rest.npos) {
    size = rest.find('}') + 1;
    return "(?-i:" + std::string(rest.substr(0, size)) + ")";  // a property takes no notice of case options in Ruby
  }
  return std::string(rest.substr(0, size));
}

}  // namespace

std::string icu_regex(std::string_view source) {
  std::string out;
  int depth = 0;  // of brackets
  for (std::size_t at = 0; at < source.size();) {
    const char c = source[at];
    if (c == '\\') {
      std::size_t size = 0;
      out += escape(source.substr(at), depth > 0, size);
      at += size;
      continue;
    }
    if (c == '(' && depth == 0 && source.substr(at, 2) == "(?") {
      // An option group: Ruby's m lets the dot match line ends, which ICU calls s.
      std::size_t end = at + 2;
      while (end < source.size() && std::string_view("imx-").find(source[end]) != std::string_view::npos) ++end;
      if (end > at + 2 && end < source.size() && (source[end] == ')' || source[end] == ':')) {
        for (; at < end; ++at) out += source[at] == 'm' ? 's' : source[at];
        continue;
      }
    }
    if (c == '[') {
      if (source.substr(at, 2) == "[:" && depth > 0) {  // a POSIX class reads the same in both
        const std::size_t end = source.find(":]", at);
        if (end != source.npos) {
          out += source.substr(at, end + 2 - at);
          at = end + 2;
          continue;
        }
      }
      ++depth;
    } else if (c == ']' && depth > 0) {
      --depth;
    }
    out += c;
    ++at;
  }
  return out;
}

}  // namespace motet::tokenizer
