#include "prompt/jinja_lexer.hpp"

#include <unicode/ustring.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "prompt/jinja_error.hpp"

namespace motet::prompt::jinja {
namespace {

constexpr std::array<std::string_view, 6> kTwoCharacters = {"==", "!=", "<=", ">=", "**", "//"};
constexpr std::string_view kBlanks = " \t\r\n\f\v";
constexpr std::size_t kMostSourceBytes = std::size_t{4} << 20;

bool is_blank(char c) { return kBlanks.find(c) != std::string_view::npos; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

void append_utf8(std::string& out, unsigned code) {
  if (code >= 0xD800 && code < 0xE000) code = 0xFFFD;
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | code >> 6);
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | code >> 12);
    out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (code >> 18 & 0x07));
    out += static_cast<char>(0x80 | (code >> 12 & 0x3F));
    out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

class Lexer {
 public:
  explicit Lexer(std::string_view source) : source_(source) {
    if (source_.ends_with("\r\n")) {
      source_.remove_suffix(2);
    } else if (source_.ends_with('\n')) {
      source_.remove_suffix(1);
    }
  }

  std::vector<Token> run() {
    while (at_ < source_.size()) {
      const std::size_t open = next_tag(at_);
      data(open);
      if (open == source_.size()) break;
      tag();
    }
    push(TokenKind::end, "");
    return std::move(tokens_);
  }

 private:
  [[noreturn]] void fail(const std::string& message) const {
    throw TemplateError("line " + std::to_string(line_) + ": " + message);
  }

  void push(TokenKind kind, std::string text) { tokens_.push_back({kind, std::move(text), line_}); }

  void advance(std::size_t count) {
    line_ += static_cast<int>(std::count(source_.begin() + static_cast<std::ptrdiff_t>(at_),
                                         source_.begin() + static_cast<std::ptrdiff_t>(at_ + count), '\n'));
    at_ += count;
  }

  std::size_t next_tag(std::size_t from) const {
    for (std::size_t at = source_.find('{', from); at != std::string_view::npos; at = source_.find('{', at + 1)) {
      const char next = at + 1 < source_.size() ? source_[at + 1] : '\0';
      if (next == '{' || next == '%' || next == '#') return at;
    }
    return source_.size();
  }

  // The text up to `open`, without what the tag there takes away before itself.
  void data(std::size_t open) {
    std::string_view text = source_.substr(at_, open - at_);
    if (open < source_.size()) text = text.substr(0, kept(text, open));
    if (!text.empty()) push(TokenKind::data, std::string(text));
    advance(open - at_);
  }

  std::size_t kept(std::string_view text, std::size_t open) const {
    const char mark = open + 2 < source_.size() ? source_[open + 2] : '\0';
    if (mark == '-') {
      const std::size_t last = text.find_last_not_of(kBlanks);
      return last == std::string_view::npos ? 0 : last + 1;
    }
    if (mark == '+' || source_[open + 1] == '{') return text.size();
    const std::size_t newline = text.rfind('\n');
    if (newline == std::string_view::npos && !line_begins_) return text.size();
    const std::size_t begin = newline == std::string_view::npos ? 0 : newline + 1;
    return text.find_first_not_of(kBlanks, begin) == std::string_view::npos ? begin : text.size();
  }

  void tag() {
    const char kind = source_[at_ + 1];
    advance(2);
    const bool marked = at_ < source_.size() && (source_[at_] == '-' || source_[at_] == '+');
    if (kind == '#') {
      const std::size_t end = source_.find("#}", at_);
      if (end == std::string_view::npos) fail("the comment is not closed by #}");
      const char mark = source_[end - 1];
      advance(end - at_ + 2);
      after_tag(mark, true);
      return;
    }
    if (marked) advance(1);
    const std::size_t before = tokens_.size();
    push(kind == '{' ? TokenKind::print_begin : TokenKind::block_begin, "");
    expression(kind == '{' ? '}' : '%');
    if (kind == '%' && tokens_.size() == before + 3 && tokens_[before + 1].text == "raw") raw(before);
  }

  // Tokens up to the tag's end, which is consumed with what it takes away after itself.
  void expression(char closing) {
    std::string brackets;
    for (;;) {
      while (at_ < source_.size() && is_blank(source_[at_])) advance(1);
      if (at_ >= source_.size()) fail(std::string("the template ends inside {") + (closing == '}' ? '{' : '%'));
      const char mark = source_[at_];
      const std::size_t skip = mark == '-' || mark == '+' ? 1 : 0;
      const std::string_view rest = source_.substr(at_ + skip);
      if (brackets.empty() && rest.size() >= 2 && rest[0] == closing && rest[1] == '}') {
        push(closing == '}' ? TokenKind::print_end : TokenKind::block_end, "");
        advance(2 + skip);
        after_tag(skip == 1 ? mark : '\0', closing == '%');
        return;
      }
      token(brackets);
    }
  }

  void after_tag(char mark, bool trims_newline) {
    std::size_t count = 0;
    const std::string_view rest = source_.substr(at_);
    if (mark == '-') {
      count = std::min(rest.find_first_not_of(kBlanks), rest.size());
    } else if (trims_newline && mark != '+') {
      count = rest.starts_with("\r\n") ? 2 : rest.starts_with('\n') ? 1 : 0;
    }
    line_begins_ = count > 0 && rest[count - 1] == '\n';
    advance(count);
  }

  void token(std::string& brackets) {
    const char c = source_[at_];
    if (c == '"' || c == '\'') return quoted(c);
    if (is_digit(c)) return number();
    std::size_t length = 1;
    if (is_name(c)) {
      while (at_ + length < source_.size() && is_name(source_[at_ + length])) ++length;
      push(TokenKind::name, std::string(source_.substr(at_, length)));
      return advance(length);
    }
    if (std::string_view("+-*/%~|<>=.,:()[]{}").find(c) == std::string_view::npos && c != '!') {
      fail(std::string("unexpected character '") + c + "'");
    }
    const std::string_view two = source_.substr(at_, 2);
    if (std::find(kTwoCharacters.begin(), kTwoCharacters.end(), two) != kTwoCharacters.end()) length = 2;
    match_bracket(c, brackets);
    push(TokenKind::symbol, std::string(source_.substr(at_, length)));
    advance(length);
  }

  void match_bracket(char c, std::string& brackets) const {
    if (c == '(' || c == '[' || c == '{') brackets += c == '(' ? ')' : c == '[' ? ']' : '}';
    if (c != ')' && c != ']' && c != '}') return;
    if (brackets.empty() || brackets.back() != c) fail(std::string("'") + c + "' closes nothing");
    brackets.pop_back();
  }

  void number() {
    std::size_t length = 0;
    bool whole = true;
    std::string digits;
    while (at_ + length < source_.size()) {
      const char c = source_[at_ + length];
      const char next = at_ + length + 1 < source_.size() ? source_[at_ + length + 1] : '\0';
      const bool exponent = (c == 'e' || c == 'E') && (is_digit(next) || next == '-' || next == '+');
      const bool sign = (c == '-' || c == '+') && !digits.empty() && (digits.back() == 'e' || digits.back() == 'E');
      if (!is_digit(c) && c != '_' && !exponent && !sign && !(c == '.' && whole && is_digit(next))) break;
      if (!is_digit(c) && c != '_') whole = false;
      if (c != '_') digits += c;
      ++length;
    }
    push(whole ? TokenKind::integer : TokenKind::number, digits);
    advance(length);
  }

  void quoted(char quote) {
    std::string text;
    std::size_t at = at_ + 1;
    while (at < source_.size() && source_[at] != quote) {
      if (source_[at] == '\\' && at + 1 < source_.size()) {
        at = escape(at + 1, text);
      } else {
        text += source_[at++];
      }
    }
    if (at >= source_.size()) fail(std::string("the text that begins with ") + quote + " is not closed");
    push(TokenKind::text, std::move(text));
    advance(at + 1 - at_);
  }

  // The character after a backslash at `at`; returns what comes behind it.
  std::size_t escape(std::size_t at, std::string& out) const {
    const char c = source_[at];
    static constexpr std::string_view kNames = "ntrbfav0\\'\"";
    static constexpr std::string_view kMeanings("\n\t\r\b\f\a\v\0\\'\"", 11);
    if (const std::size_t found = kNames.find(c); found != std::string_view::npos) {
      out += kMeanings[found];
      return at + 1;
    }
    if (c == '\n') return at + 1;
    const std::size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    unsigned code = 0;
    std::size_t read = 0;
    for (; read < digits && at + 1 + read < source_.size(); ++read) {
      const std::size_t value =
          std::string_view("0123456789abcdef").find(static_cast<char>(source_[at + 1 + read] | 0x20));
      if (value == std::string_view::npos) break;
      code = code << 4 | static_cast<unsigned>(value);
    }
    if (digits == 0 || read < digits || code > 0x10FFFF) {
      if (digits > 0) fail(std::string("\\") + c + " wants " + std::to_string(digits) + " hexadecimal digits");
      out += '\\';
      out += c;
      return at + 1;
    }
    append_utf8(out, code);
    return at + 1 + digits;
  }

  // The text between {% raw %} and {% endraw %} becomes data; the tag's own tokens go.
  void raw(std::size_t before) {
    tokens_.resize(before);
    std::size_t at = at_;
    for (;; ++at) {
      at = source_.find("{%", at);
      if (at == std::string_view::npos) fail("{% raw %} is not closed by {% endraw %}");
      std::size_t name = at + 2;
      if (name < source_.size() && (source_[name] == '-' || source_[name] == '+')) ++name;
      name = std::min(source_.find_first_not_of(kBlanks, name), source_.size());
      if (source_.substr(name, 6) == "endraw") break;
    }
    data(at);
    const std::size_t end = source_.find("%}", at_);
    if (end == std::string_view::npos) fail("{% endraw is not closed by %}");
    const char mark = source_[end - 1];
    advance(end + 2 - at_);
    after_tag(mark, true);
  }

  std::string_view source_;
  std::size_t at_ = 0;
  int line_ = 1;
  bool line_begins_ = true;  // nothing but what was trimmed stands before at_ in its line
  std::vector<Token> tokens_;
};

// What the engine counts, cuts and says again is characters.
void check(std::string_view source) {
  if (source.size() > kMostSourceBytes)
    throw TemplateError("it has more than " + std::to_string(kMostSourceBytes) + " bytes, the most that is read here");
  for (int line = 1;; ++line) {
    const std::size_t end = std::min(source.find('\n'), source.size());
    UErrorCode status = U_ZERO_ERROR;
    u_strFromUTF8(nullptr, 0, nullptr, source.data(), static_cast<std::int32_t>(end), &status);
    if (status == U_INVALID_CHAR_FOUND) throw TemplateError("line " + std::to_string(line) + ": it is not UTF-8");
    if (end == source.size()) return;
    source.remove_prefix(end + 1);
  }
}
}  // namespace

std::vector<Token> tokenize(std::string_view source) {
  check(source);
  return Lexer(source).run();
}

}  // namespace motet::prompt::jinja
