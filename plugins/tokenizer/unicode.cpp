#include "tokenizer/unicode.hpp"

#include <unicode/uchar.h>

#include <algorithm>
#include <iterator>

namespace motet::tokenizer {
namespace {

enum Flags : unsigned char { kLetter = 1, kWord = 2, kNumber = 4, kLetterWord = 3, kDigit = 6 };

// Letters, marks and numbers of Unicode 15.1 and 16.
struct Range {
  char32_t first, last;
  Flags flags;
};
constexpr Range kNewer[] = {
    {0x897, 0x897, kWord},           {0x1C89, 0x1C8A, kLetterWord},   {0xA7CB, 0xA7CD, kLetterWord},
    {0xA7DA, 0xA7DC, kLetterWord},   {0x105C0, 0x105F3, kLetterWord}, {0x10D40, 0x10D49, kDigit},
    {0x10D4A, 0x10D65, kLetterWord}, {0x10D69, 0x10D6D, kWord},       {0x10D6F, 0x10D85, kLetterWord},
    {0x10EC2, 0x10EC4, kLetterWord}, {0x10EFC, 0x10EFC, kWord},       {0x11380, 0x11389, kLetterWord},
    {0x1138B, 0x1138B, kLetterWord}, {0x1138E, 0x1138E, kLetterWord}, {0x11390, 0x113B5, kLetterWord},
    {0x113B7, 0x113B7, kLetterWord}, {0x113B8, 0x113C0, kWord},       {0x113C2, 0x113C2, kWord},
    {0x113C5, 0x113C5, kWord},       {0x113C7, 0x113CA, kWord},       {0x113CC, 0x113D0, kWord},
    {0x113D1, 0x113D1, kLetterWord}, {0x113D2, 0x113D2, kWord},       {0x113D3, 0x113D3, kLetterWord},
    {0x113E1, 0x113E2, kWord},       {0x116D0, 0x116E3, kDigit},      {0x11BC0, 0x11BE0, kLetterWord},
    {0x11BF0, 0x11BF9, kDigit},      {0x11F5A, 0x11F5A, kWord},       {0x13460, 0x143FA, kLetterWord},
    {0x16100, 0x1611D, kLetterWord}, {0x1611E, 0x1612F, kWord},       {0x16130, 0x16139, kDigit},
    {0x16D40, 0x16D6C, kLetterWord}, {0x16D70, 0x16D79, kDigit},      {0x18CFF, 0x18CFF, kLetterWord},
    {0x1CCF0, 0x1CCF9, kDigit},      {0x1E5D0, 0x1E5ED, kLetterWord}, {0x1E5EE, 0x1E5EF, kWord},
    {0x1E5F0, 0x1E5F0, kLetterWord}, {0x1E5F1, 0x1E5FA, kDigit},      {0x2EBF0, 0x2EE5D, kLetterWord},
};

UChar32 icu(char32_t code) { return static_cast<UChar32>(code); }
unsigned category(char32_t code) { return U_GET_GC_MASK(icu(code)); }

unsigned newer_flags(char32_t code) {
  const auto* at = std::upper_bound(std::begin(kNewer), std::end(kNewer), code,
                                    [](char32_t value, const Range& range) { return value < range.first; });
  if (at == std::begin(kNewer)) return 0;
  --at;
  return code <= at->last ? at->flags : 0;
}

// Newer than the tables of the reference's regular expressions: unassigned there, whatever ICU says.
bool beyond_sixteen(char32_t code) { return !assigned_by(code, 16); }

}  // namespace

std::vector<CodeRange> newer_ranges(CodeClass code_class) {
  const unsigned flag = code_class == CodeClass::letter ? kLetter : code_class == CodeClass::number ? kNumber : kWord;
  std::vector<CodeRange> ranges;
  for (const Range& range : kNewer) {
    if (range.flags & flag) ranges.push_back({range.first, range.last});
  }
  return ranges;
}

bool assigned_by(char32_t code, int major) {
  UVersionInfo version;
  u_charAge(icu(code), version);
  return version[0] != 0 && version[0] <= major;
}

bool is_white_space(char32_t code) {
  if (code < 0x80) return code == ' ' || (code >= '\t' && code <= '\r');
  return u_isUWhiteSpace(icu(code));
}

bool is_letter(char32_t code) {
  if (code < 0x80) return (code | 0x20) >= 'a' && (code | 0x20) <= 'z';
  const unsigned mask = category(code);
  if (mask & U_GC_CN_MASK) return newer_flags(code) & kLetter;
  return (mask & U_GC_L_MASK) && !beyond_sixteen(code);
}

bool is_number(char32_t code) {
  if (code < 0x80) return code >= '0' && code <= '9';
  const unsigned mask = category(code);
  if (mask & U_GC_CN_MASK) return newer_flags(code) & kNumber;
  return (mask & U_GC_N_MASK) && !beyond_sixteen(code);
}

bool is_numeric(char32_t code) {
  return is_number(code) || (code >= 0x11DE0 && code <= 0x11DE9) || (code >= 0x16FF4 && code <= 0x16FF6);
}

bool is_word_character(char32_t code) {
  if (code < 0x80) return is_letter(code) || is_number(code) || code == '_';
  const unsigned mask = category(code);
  if (mask & U_GC_CN_MASK) return newer_flags(code) & kWord;
  const bool word = (mask & (U_GC_M_MASK | U_GC_ND_MASK | U_GC_PC_MASK)) ||
                    u_hasBinaryProperty(icu(code), UCHAR_ALPHABETIC) || code == 0x200C || code == 0x200D;
  return word && !beyond_sixteen(code);
}

bool is_punctuation(char32_t code) {
  if (code < 0x80) return code > ' ' && code < 0x7F && !is_letter(code) && !is_number(code);
  if (code == 0x166D || code == 0x111C9) return true;  // changed category after Unicode 8
  return (category(code) & U_GC_P_MASK) && assigned_by(code, 8);
}

bool is_control_or_private(char32_t code) {
  if (code < 0x80) return code < 0x20 || code == 0x7F;
  return (category(code) & (U_GC_CC_MASK | U_GC_CF_MASK | U_GC_CO_MASK)) && assigned_by(code, 8);
}

bool is_nonspacing_mark(char32_t code) {
  if (code < 0x300) return false;
  if (code == 0x1734) return true;  // these five changed category after Unicode 8
  if (code == 0x1885 || code == 0x1886 || code == 0xA9BD || code == 0x111C9) return false;
  return (category(code) & U_GC_MN_MASK) && assigned_by(code, 8);
}

bool is_combining_mark(char32_t code) {
  if (code < 0x300) return false;
  if (code == 0x1CF2 || code == 0x1CF3) return true;  // these three changed category after Unicode 9
  if (code == 0x111C9) return false;
  return (category(code) & U_GC_M_MASK) && assigned_by(code, 9);
}

Lowercase lowercase(char32_t code) {
  if (code < 0x80) return {{code >= 'A' && code <= 'Z' ? code + 0x20 : code, 0}, 1};
  if (code == 0x130) return {{'i', 0x307}, 2};
  // Capitals of Unicode 16 and 17.
  if (code >= 0x10D50 && code <= 0x10D65) return {{code + 0x20, 0}, 1};
  if (code >= 0x16EA0 && code <= 0x16EB8) return {{code + 0x1B, 0}, 1};
  switch (code) {
    case 0x1C89:
    case 0xA7CC:
    case 0xA7CE:
    case 0xA7D2:
    case 0xA7D4:
    case 0xA7DA:
      return {{code + 1, 0}, 1};
    case 0xA7CB:
      return {{0x264, 0}, 1};
    case 0xA7DC:
      return {{0x19B, 0}, 1};
    default:
      return {{static_cast<char32_t>(u_tolower(icu(code))), 0}, 1};
  }
}

}  // namespace motet::tokenizer
