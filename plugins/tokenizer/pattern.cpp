#include "tokenizer/pattern.hpp"

#include <unicode/regex.h>

#include <new>

#include "tokenizer/tokenizer_error.hpp"
#include "tokenizer/unicode.hpp"

namespace motet::tokenizer {

class Pattern::Matcher {
 public:
  virtual ~Matcher() = default;
  virtual std::vector<Span> find(std::string_view text) const = 0;
};

namespace {

Span span(std::size_t begin, std::size_t end) {
  return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
}

}  // namespace

class Pattern::Literal : public Pattern::Matcher {
 public:
  explicit Literal(std::string text) : text_(std::move(text)) {}
  std::vector<Span> find(std::string_view text) const override {
    std::vector<Span> matches;
    if (text_.empty()) return matches;
    for (std::size_t at = text.find(text_); at != text.npos; at = text.find(text_, at + text_.size())) {
      matches.push_back(span(at, at + text_.size()));
    }
    return matches;
  }

 private:
  std::string text_;
};

class Pattern::Gpt2 : public Pattern::Matcher {
 public:
  std::vector<Span> find(std::string_view text) const override {
    std::vector<Span> matches;
    matches.reserve(text.size() / 4 + 1);
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = match_end(text, at);
      matches.push_back(span(at, end));
      at = end;
    }
    return matches;
  }

 private:
  enum class Class { letter, number, space, other };
  static Class class_of(char32_t code) {
    if (is_letter(code)) return Class::letter;
    if (is_number(code)) return Class::number;
    return is_white_space(code) ? Class::space : Class::other;
  }

  static std::size_t contraction_size(std::string_view rest) {
    for (const std::string_view one : {"'s", "'t", "'re", "'ve", "'m", "'ll", "'d"}) {
      if (rest.starts_with(one)) return one.size();
    }
    return 0;
  }

  static std::size_t match_end(std::string_view text, std::size_t begin) {
    if (text[begin] == '\'') {
      if (const std::size_t size = contraction_size(text.substr(begin))) return begin + size;
    }
    std::size_t at = begin;
    Utf8Char c = utf8_at(text, at);
    Class kind = class_of(c.code);
    if (c.code == ' ' && at + 1 < text.size()) {  // one blank belongs to the word after it
      const Utf8Char next = utf8_at(text, at + 1);
      const Class next_kind = class_of(next.code);
      if (next_kind != Class::space) {
        ++at;
        c = next;
        kind = next_kind;
      }
    }
    std::size_t last = at;
    do {
      last = at;
      at += c.size;
      if (at >= text.size()) return at;
      c = utf8_at(text, at);
    } while (class_of(c.code) == kind);
    // The last space of several is left to the word that follows.
    return kind == Class::space && last > begin ? last : at;
  }
};

class Pattern::Regex : public Pattern::Matcher {
 public:
  Regex(const std::string& source, const std::string& place) : source_(source) {
    UErrorCode status = U_ZERO_ERROR;
    UParseError where{};
    const std::string translated = icu_regex(source);
    // Ruby's ^ and $ stand at every line, and only \n ends one.
    pattern_.reset(icu::RegexPattern::compile(icu::UnicodeString::fromUTF8(translated),
                                              UREGEX_MULTILINE | UREGEX_UNIX_LINES, where, status));
    if (status == U_MEMORY_ALLOCATION_ERROR) throw std::bad_alloc();
    if (U_FAILURE(status)) {
      fail_description(place, "cannot read the regular expression '" + source + "': " + u_errorName(status) +
                                  " at character " + std::to_string(where.offset));
    }
  }

  std::vector<Span> find(std::string_view text) const override {
    const icu::UnicodeString wide = icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())});
    const std::vector<std::uint32_t> bytes = byte_positions(text, wide.length());
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<icu::RegexMatcher> matcher(pattern_->matcher(wide, status));
    if (U_SUCCESS(status)) matcher->setTimeLimit(kTimeLimit, status);
    std::vector<Span> matches;
    std::int32_t last_end = -1;
    while (U_SUCCESS(status) && matcher->find(status)) {
      const std::int32_t begin = matcher->start(status);
      const std::int32_t end = matcher->end(status);
      if (begin == end && begin == last_end) continue;  // the reference takes no empty match right after another
      last_end = end;
      matches.push_back({bytes[begin], bytes[end]});
    }
    if (status == U_MEMORY_ALLOCATION_ERROR) throw std::bad_alloc();
    if (U_FAILURE(status)) {
      fail_text("the tokenizer's regular expression '" + source_ + "' gives up on this text: " + u_errorName(status));
    }
    return matches;
  }

 private:
  static constexpr std::int32_t kTimeLimit = 10'000;  // in ICU's steps, about a millisecond each

  // The byte at which each UTF-16 unit begins, and the end.
  static std::vector<std::uint32_t> byte_positions(std::string_view text, std::int32_t units) {
    std::vector<std::uint32_t> positions;
    positions.reserve(units + 1);
    for (std::uint32_t at = 0; at < text.size();) {
      const std::uint32_t size = utf8_lead_size(text[at]);
      positions.push_back(at);
      if (size == 4) positions.push_back(at);
      at += size;
    }
    positions.push_back(static_cast<std::uint32_t>(text.size()));
    return positions;
  }

  std::string source_;
  std::unique_ptr<icu::RegexPattern> pattern_;
};

Pattern::Pattern(std::unique_ptr<const Matcher> matcher) : matcher_(std::move(matcher)) {}
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;
Pattern::~Pattern() = default;

Pattern Pattern::literal(std::string text) { return Pattern(std::make_unique<Literal>(std::move(text))); }
Pattern Pattern::gpt2() { return Pattern(std::make_unique<Gpt2>()); }

Pattern Pattern::regex(const std::string& source, const std::string& place) {
  if (source == R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)") return gpt2();
  return Pattern(std::make_unique<Regex>(source, place));
}

Pattern read_pattern(const JsonView& json) {
  if (const auto text = json.find("String")) return Pattern::literal(std::string(text->string()));
  if (const auto source = json.find("Regex")) return Pattern::regex(std::string(source->string()), source->place());
  json.fail("wanted a 'String' or a 'Regex'");
}

std::vector<Span> Pattern::find(std::string_view text) const { return matcher_->find(text); }

}  // namespace motet::tokenizer
