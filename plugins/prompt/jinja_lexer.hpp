// Template text to tokens, with the white space control that chat templates are written for: trim_blocks and
// lstrip_blocks on, one newline at the very end dropped.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace motet::prompt::jinja {

enum class TokenKind { data, block_begin, block_end, print_begin, print_end, name, integer, number, text, symbol, end };

struct Token {
  TokenKind kind = TokenKind::end;
  std::string text;  // data, name or symbol as written; text without quotes and escapes
  int line = 1;
};

// Throws TemplateError. The last token is `end`.
std::vector<Token> tokenize(std::string_view source);

}  // namespace motet::prompt::jinja
