// Text as the template language sees it: UTF-8 counted in characters, and building that stops at a limit.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "prompt/jinja_error.hpp"

namespace motet::prompt::jinja {

// A text that grows up to a number of bytes. append throws TemplateError past it.
class TextBuilder {
 public:
  explicit TextBuilder(std::size_t most_bytes) : most_bytes_(most_bytes) {}
  void append(std::string_view text);
  std::size_t size() const { return text_.size(); }
  std::string take() { return std::move(text_); }

 private:
  std::size_t most_bytes_;
  std::string text_;
};

std::vector<std::string_view> characters(std::string_view utf8);
std::size_t count_characters(std::string_view utf8);

// Without the characters of `set` at the ends; without white space where `set` is empty.
std::string_view strip(std::string_view text, std::string_view set, bool left, bool right);
// At white space where `separator` is empty. most < 0: as often as it occurs.
std::vector<std::string_view> split(std::string_view text, std::string_view separator, std::int64_t most);
std::string replace(std::string_view text, std::string_view from, std::string_view to, std::int64_t most,
                    std::size_t most_bytes);

// Unicode's full case mappings.
std::string upper(std::string_view text);
std::string lower(std::string_view text);
std::string capitalize(std::string_view text);  // the first character, the others lower
std::string title(std::string_view text);       // each character that follows none of a word
bool is_upper(std::string_view text);           // has letters with case, and all are upper
bool is_lower(std::string_view text);
bool is_space(std::string_view text);
bool is_digit(std::string_view text);
bool is_alpha(std::string_view text);

}  // namespace motet::prompt::jinja
