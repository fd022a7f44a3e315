// What splits and replaces look for: a literal, a regular expression, or the one of GPT-2, matched by hand.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/aligned_text.hpp"
#include "tokenizer/json_view.hpp"

namespace motet::tokenizer {

class Pattern {
 public:
  static Pattern literal(std::string text);

  // An expression in Oniguruma's (Ruby's) dialect, which the reference uses; ICU matches it after a translation of what
  // the two read differently. `place` is where it stands in the tokenizer.json, for the error of one that does not
  // parse.
  static Pattern regex(const std::string& source, const std::string& place);

  // 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
  static Pattern gpt2();

  Pattern(Pattern&&) noexcept;
  Pattern& operator=(Pattern&&) noexcept;
  ~Pattern();

  // All matches, ordered and disjoint, as byte ranges of `text` (valid UTF-8). Throws a `text` error when an expression
  // needs more time or stack than it gets.
  std::vector<Span> find(std::string_view text) const;

 private:
  class Matcher;
  class Literal;
  class Regex;
  class Gpt2;
  explicit Pattern(std::unique_ptr<const Matcher> matcher);

  std::unique_ptr<const Matcher> matcher_;
};

// {"String": ...} or {"Regex": ...}.
Pattern read_pattern(const JsonView& json);

// Oniguruma's dialect as ICU's; public for its test.
std::string icu_regex(std::string_view source);

}  // namespace motet::tokenizer
