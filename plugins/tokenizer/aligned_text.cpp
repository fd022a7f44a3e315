#include "tokenizer/aligned_text.hpp"

#include <algorithm>

#include "tokenizer/unicode.hpp"

namespace motet::tokenizer {

AlignedText AlignedText::of(std::string_view part, std::uint32_t begin) {
  AlignedText result;
  result.text = part;
  result.original_begin = begin;
  result.origin.resize(part.size());
  for (std::uint32_t at = 0; at < part.size();) {
    const std::uint32_t size = utf8_lead_size(part[at]);
    std::fill_n(result.origin.begin() + at, size, Span{begin + at, begin + at + size});
    at += size;
  }
  return result;
}

void AlignedText::rewrite(const std::vector<Change>& changes, std::size_t skipped) {
  std::string next;
  next.reserve(text.size() + text.size() / 4);
  std::vector<Span> next_origin;
  next_origin.reserve(next.capacity());
  std::size_t at = 0;
  const auto skip = [&](std::size_t count) {
    for (; count > 0 && at < text.size(); --count) at += utf8_lead_size(text[at]);
  };
  skip(skipped);
  for (const Change& c : changes) {
    Span from{original_begin, original_begin};
    if (c.change > 0 || at >= text.size()) {
      if (at > 0) from = origin[at - 1];
    } else {
      from = origin[at];
      skip(1 + static_cast<std::size_t>(-c.change));
    }
    append_utf8(next, c.code);
    next_origin.insert(next_origin.end(), utf8_size(c.code), from);
  }
  text = std::move(next);
  origin = std::move(next_origin);
}

void AlignedText::prepend(std::string_view prefix) {
  if (text.empty()) return;
  text.insert(0, prefix);
  origin.insert(origin.begin(), prefix.size(), Span(origin.front()));
}

void AlignedText::replace(const std::vector<Span>& matches, std::string_view content) {
  if (matches.empty()) return;
  std::string next;
  std::vector<Span> next_origin;
  std::uint32_t done = 0;
  const auto keep = [&](std::uint32_t end) {
    next.append(text, done, end - done);
    next_origin.insert(next_origin.end(), origin.begin() + done, origin.begin() + end);
  };
  for (const Span& match : matches) {
    keep(match.begin);
    next.append(content);
    // What stands for several characters is taken to come from the last of them.
    const Span from = match.end > 0 ? origin[match.end - 1] : Span{original_begin, original_begin};
    next_origin.insert(next_origin.end(), content.size(), from);
    done = match.end;
  }
  keep(static_cast<std::uint32_t>(text.size()));
  text = std::move(next);
  origin = std::move(next_origin);
}

void AlignedText::strip(bool left, bool right) {
  std::size_t begin = 0;
  std::size_t end = text.size();
  while (left && begin < end) {
    const Utf8Char c = utf8_at(text, begin);
    if (!is_white_space(c.code)) break;
    begin += c.size;
  }
  while (right && end > begin) {
    const Utf8Char c = utf8_before(text, end);
    if (!is_white_space(c.code)) break;
    end -= c.size;
  }
  if (begin == 0 && end == text.size()) return;
  text = text.substr(begin, end - begin);
  origin = std::vector<Span>(origin.begin() + begin, origin.begin() + end);
}

}  // namespace motet::tokenizer
