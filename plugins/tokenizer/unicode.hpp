// Classes of code points, each with the Unicode version of the table that the reference tokenizer uses for it.
//
// The reference mixes tables: its BERT rules know Unicode 8, its normal forms Unicode 9, its regular expressions
// Unicode 16, its letter case Unicode 17. ICU says in which version a code point was assigned, which is enough to
// answer as an older table would; what is newer than the installed ICU (15 in Debian 12) comes from a short list in
// unicode.cpp.
#pragma once

#include <array>
#include <vector>

namespace motet::tokenizer {

bool is_white_space(char32_t code);         // White_Space
bool is_letter(char32_t code);              // general category L*, Unicode 16
bool is_number(char32_t code);              // general category N*, Unicode 16
bool is_numeric(char32_t code);             // general category N*, Unicode 17
bool is_word_character(char32_t code);      // \w of UTS 18: alphabetic, marks, decimal digits, connectors, joiners
bool is_punctuation(char32_t code);         // ASCII punctuation or general category P*, Unicode 8
bool is_control_or_private(char32_t code);  // Cc, Cf, Co, Unicode 8
bool is_nonspacing_mark(char32_t code);     // Mn, Unicode 8
bool is_combining_mark(char32_t code);      // M*, Unicode 9

// Lowercase of one code point regardless of context; one of them (U+0130) becomes two.
struct Lowercase {
  std::array<char32_t, 2> codes;
  int count;
};
Lowercase lowercase(char32_t code);

// What newer Unicode versions than the installed ICU's may add to a class, for regular expressions.
enum class CodeClass { letter, number, word };
struct CodeRange {
  char32_t first, last;
};
std::vector<CodeRange> newer_ranges(CodeClass code_class);

// True when ICU knows the code point from `major` or an earlier Unicode version.
bool assigned_by(char32_t code, int major);

}  // namespace motet::tokenizer
