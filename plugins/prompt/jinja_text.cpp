#include "prompt/jinja_text.hpp"

#include <unicode/locid.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

namespace motet::prompt::jinja {
namespace {

std::size_t length_of_character(char first) {
  const auto byte = static_cast<unsigned char>(first);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

UChar32 code_point(std::string_view character) {
  return icu::UnicodeString::fromUTF8(icu::StringPiece(character.data(), static_cast<int32_t>(character.size())))
      .char32At(0);
}

icu::UnicodeString wide(std::string_view text) {
  return icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
}

std::string narrow(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

// Python's str.isspace, which is what its strip takes away: Unicode's white space and the information separators.
bool white(std::string_view character) {
  if (character.size() == 1) {
    const char c = character[0];
    return c == ' ' || (c >= '\t' && c <= '\r') || (c >= '\x1c' && c <= '\x1f');
  }
  return u_isUWhiteSpace(code_point(character)) != 0;
}

template <class Test>
bool all_of(std::string_view text, Test test) {
  for (std::string_view character : characters(text)) {
    if (!test(code_point(character))) return false;
  }
  return !text.empty();
}

template <class Is, class Against>
bool cased(std::string_view text, Is is, Against against) {
  bool found = false;
  for (std::string_view character : characters(text)) {
    const UChar32 c = code_point(character);
    if (against(c) || u_istitle(c)) return false;
    found = found || is(c);
  }
  return found;
}
}  // namespace

void TextBuilder::append(std::string_view text) {
  if (text.size() > most_bytes_ - text_.size()) {
    throw TemplateError("the template makes a text of more than " + std::to_string(most_bytes_) + " bytes");
  }
  text_.append(text);
}

std::vector<std::string_view> characters(std::string_view utf8) {
  std::vector<std::string_view> out;
  for (std::size_t at = 0; at < utf8.size();) {
    const std::size_t length = length_of_character(utf8[at]);
    out.push_back(utf8.substr(at, length));
    at += length;
  }
  return out;
}

std::size_t count_characters(std::string_view utf8) {
  std::size_t count = 0;
  for (char byte : utf8) count += (static_cast<unsigned char>(byte) & 0xC0) != 0x80 ? 1 : 0;
  return count;
}

std::string_view strip(std::string_view text, std::string_view set, bool left, bool right) {
  const std::vector<std::string_view> all = characters(text);
  const std::vector<std::string_view> wanted = characters(set);
  const auto goes = [&](std::string_view character) {
    if (set.empty()) return white(character);
    for (std::string_view one : wanted) {
      if (one == character) return true;
    }
    return false;
  };
  std::size_t begin = 0;
  std::size_t end = all.size();
  while (left && begin < end && goes(all[begin])) text.remove_prefix(all[begin++].size());
  while (right && begin < end && goes(all[end - 1])) text.remove_suffix(all[--end].size());
  return text;
}

std::vector<std::string_view> split(std::string_view text, std::string_view separator, std::int64_t most) {
  std::vector<std::string_view> parts;
  const auto full = [&] { return most >= 0 && static_cast<std::int64_t>(parts.size()) >= most; };
  if (!separator.empty()) {
    std::size_t at = full() ? std::string_view::npos : text.find(separator);
    while (at != std::string_view::npos) {
      parts.push_back(text.substr(0, at));
      text.remove_prefix(at + separator.size());
      at = full() ? std::string_view::npos : text.find(separator);
    }
    parts.push_back(text);
    return parts;
  }
  text = strip(text, "", true, false);
  while (!text.empty()) {
    if (full()) {
      parts.push_back(strip(text, "", false, true));
      break;
    }
    std::size_t length = 0;
    for (std::string_view character : characters(text)) {
      if (white(character)) break;
      length += character.size();
    }
    parts.push_back(text.substr(0, length));
    text = strip(text.substr(length), "", true, false);
  }
  return parts;
}

std::string replace(std::string_view text, std::string_view from, std::string_view to, std::int64_t most,
                    std::size_t most_bytes) {
  TextBuilder out(most_bytes);
  if (from.empty()) {  // between all characters, as Python does
    for (std::string_view character : characters(text)) {
      if (most-- != 0) out.append(to);
      out.append(character);
    }
    if (most != 0) out.append(to);
    return out.take();
  }
  for (std::size_t at = text.find(from); at != std::string_view::npos && most != 0; at = text.find(from), --most) {
    out.append(text.substr(0, at));
    out.append(to);
    text.remove_prefix(at + from.size());
  }
  out.append(text);
  return out.take();
}

std::string upper(std::string_view text) { return narrow(wide(text).toUpper(icu::Locale::getRoot())); }
std::string lower(std::string_view text) { return narrow(wide(text).toLower(icu::Locale::getRoot())); }

std::string capitalize(std::string_view text) {
  if (text.empty()) return {};
  const std::size_t first = length_of_character(text[0]);
  return narrow(icu::UnicodeString(u_totitle(code_point(text.substr(0, first))))) + lower(text.substr(first));
}

std::string title(std::string_view text) {
  icu::UnicodeString out;
  bool inside = false;
  for (std::string_view character : characters(text)) {
    const UChar32 c = code_point(character);
    const bool letter = u_isalpha(c) != 0;
    out.append(!letter ? c : inside ? u_tolower(c) : u_totitle(c));
    inside = letter;
  }
  return narrow(out);
}

bool is_upper(std::string_view text) { return cased(text, u_isupper, u_islower); }
bool is_lower(std::string_view text) { return cased(text, u_islower, u_isupper); }
bool is_digit(std::string_view text) { return all_of(text, u_isdigit); }
bool is_alpha(std::string_view text) { return all_of(text, u_isalpha); }

bool is_space(std::string_view text) {
  for (std::string_view character : characters(text)) {
    if (!white(character)) return false;
  }
  return !text.empty();
}

}  // namespace motet::prompt::jinja
