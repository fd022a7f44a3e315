#include "base/render.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace motet::base {
namespace {

constexpr int kTabColumns = 4;
constexpr int kMostColumns = 120;  // of the source line

struct Range {
  char32_t first, last;
};
// Blocks that terminals show two columns wide, and those that they draw over the character before. Blocks rather than
// Unicode's full tables: a caret that is off by one in a rare script is no worse than the terminals themselves.
constexpr std::array kWide = {
    Range{0x1100, 0x115F},   Range{0x2E80, 0x303E},   Range{0x3041, 0xA4CF},   Range{0xA960, 0xA97F},
    Range{0xAC00, 0xD7A3},   Range{0xF900, 0xFAFF},   Range{0xFE30, 0xFE6F},   Range{0xFF00, 0xFF60},
    Range{0xFFE0, 0xFFE6},   Range{0x1F300, 0x1F64F}, Range{0x1F680, 0x1F6FF}, Range{0x1F900, 0x1F9FF},
    Range{0x20000, 0x3FFFD},
};
constexpr std::array kZero = {
    Range{0x0300, 0x036F}, Range{0x0483, 0x0489}, Range{0x0591, 0x05BD}, Range{0x064B, 0x065F}, Range{0x1AB0, 0x1AFF},
    Range{0x1DC0, 0x1DFF}, Range{0x200B, 0x200F}, Range{0x202A, 0x202E}, Range{0x2060, 0x2064}, Range{0x2066, 0x2069},
    Range{0x20D0, 0x20FF}, Range{0xFE00, 0xFE0F}, Range{0xFE20, 0xFE2F}, Range{0xFEFF, 0xFEFF}, Range{0xE0100, 0xE01EF},
};

template <std::size_t n>
bool in(const std::array<Range, n>& ranges, char32_t c) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const Range& r) { return c >= r.first && c <= r.last; });
}

struct Glyph {
  std::string text;
  int width = 1;
};

// One entry a character, as it may be printed. `text` is well-formed UTF-8.
std::vector<Glyph> glyphs(std::string_view text) {
  std::vector<Glyph> out;
  int column = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = std::min<std::size_t>(lead < 0x80   ? 1
                                                     : lead < 0xE0 ? 2
                                                     : lead < 0xF0 ? 3
                                                                   : 4,
                                                     text.size() - i);
    char32_t c = length == 1 ? lead : lead & (0x7Fu >> length);
    for (std::size_t k = 1; k < length; ++k) c = c << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3Fu);
    Glyph glyph{std::string(text.substr(i, length)), 1};
    if (c == '\t') {
      glyph.width = kTabColumns - column % kTabColumns;
      glyph.text.assign(static_cast<std::size_t>(glyph.width), ' ');
    } else if (c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069)) {
      glyph.text = "?";  // could move the cursor, or turn the line's direction
    } else if (in(kZero, c)) {
      glyph.width = 0;
    } else if (in(kWide, c)) {
      glyph.width = 2;
    }
    column += glyph.width;
    out.push_back(std::move(glyph));
    i += length;
  }
  return out;
}

struct Excerpt {
  std::string text;
  int before = 0;  // columns left of the caret
  int under = 1;   // columns to underline
};

// The part of the line around characters [begin, begin + length).
Excerpt excerpt(const std::vector<Glyph>& line, std::size_t begin, std::size_t length) {
  std::size_t first = 0, last = line.size();
  int columns = 0;
  for (const Glyph& glyph : line) columns += glyph.width;
  if (columns > kMostColumns) {
    // A third of the room goes to what stands before the caret.
    int room = kMostColumns / 3;
    first = std::min(begin, line.size());
    while (first > 0 && room >= line[first - 1].width) room -= line[--first].width;
    room += kMostColumns - kMostColumns / 3;
    last = std::min(begin, line.size());
    while (last < line.size() && room >= line[last].width) room -= line[last++].width;
    while (first > 0 && room >= line[first - 1].width) room -= line[--first].width;
  }
  Excerpt out;
  if (first > 0) {
    out.text = "...";
    out.before = 3;
  }
  int under = 0;
  for (std::size_t i = first; i < last; ++i) {
    out.text += line[i].text;
    if (i < begin) out.before += line[i].width;
    if (i >= begin && i < begin + length) under += line[i].width;
  }
  if (begin > line.size()) out.before += 1;  // just behind the end
  if (last < line.size()) out.text += "...";
  out.under = std::max(under, 1);
  return out;
}

std::string one_line(std::string_view text) {
  std::string out;
  for (const Glyph& glyph : glyphs(text)) out += glyph.text;
  return out;
}

struct Paint {
  bool on;
  std::string operator()(const char* escape, std::string text) const {
    return on ? std::string(escape) + text + "\x1b[0m" : text;
  }
};
constexpr const char* kBold = "\x1b[1m";
constexpr const char* kRed = "\x1b[1;31m";
constexpr const char* kBlue = "\x1b[34m";
constexpr const char* kGreen = "\x1b[32m";

std::string source_lines(const Diagnostic& diagnostic, const Paint& paint) {
  constexpr std::size_t kNumberColumns = 5;
  const Place& place = diagnostic.place;
  const std::string number = std::to_string(place.line);
  const std::string gap(kNumberColumns > number.size() ? kNumberColumns - number.size() : 0, ' ');
  const std::string margin(std::max(kNumberColumns, number.size()), ' ');
  const std::vector<Glyph> line = glyphs(place.file->line(place.line));
  const std::size_t begin = place.column > 0 ? static_cast<std::size_t>(place.column - 1) : 0;
  const Excerpt shown = excerpt(line, begin, static_cast<std::size_t>(std::max(place.length, 1)));
  std::string out = gap + paint(kBlue, number + " | ") + shown.text + "\n";
  if (place.column > 0) {
    const std::string caret = "^" + std::string(static_cast<std::size_t>(shown.under - 1), '~');
    out += margin + paint(kBlue, " | ") + std::string(static_cast<std::size_t>(shown.before), ' ') + paint(kRed, caret);
    if (!diagnostic.label.empty()) out += " " + one_line(diagnostic.label);
    out += "\n";
  } else if (!diagnostic.label.empty()) {
    out += margin + paint(kBlue, " | ") + "  " + one_line(diagnostic.label) + "\n";
  }
  return out;
}

}  // namespace

int display_width(std::string_view text) {
  int columns = 0;
  for (const Glyph& glyph : glyphs(text)) columns += glyph.width;
  return columns;
}

std::string render(const Diagnostic& diagnostic, bool colour) {
  const Paint paint{colour};
  const std::string where = one_line(diagnostic.place.text());
  std::string out;
  if (!where.empty()) out += paint(kBold, where + ":") + " ";
  out += paint(kRed, diagnostic.code.empty() ? "error:" : "error[" + diagnostic.code + "]:") + " " +
         paint(kBold, one_line(diagnostic.message)) + "\n";
  if (diagnostic.place) {
    out += source_lines(diagnostic, paint);
  } else if (!diagnostic.label.empty()) {
    out += "      " + paint(kBlue, "|") + "   " + one_line(diagnostic.label) + "\n";
  }
  for (const Note& note : diagnostic.notes) {
    out += "      " + paint(kBlue, "|") + "   " + one_line(note.text);
    if (note.place) out += " (" + one_line(note.place.text()) + ")";
    out += "\n";
  }
  if (!diagnostic.help.empty()) out += "   " + paint(kGreen, "help:") + " " + one_line(diagnostic.help) + "\n";
  return out;
}

std::string render(const Diagnostics& diagnostics, bool colour) {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics.list()) out += render(diagnostic, colour);
  return out;
}

std::string_view name(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::item:
      return "item";
    case ErrorKind::user:
      return "user";
    case ErrorKind::environment:
      return "environment";
    case ErrorKind::plugin:
      return "plugin";
    case ErrorKind::cancelled:
      return "cancelled";
  }
  return "unknown";
}

}  // namespace motet::base
