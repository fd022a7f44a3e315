#include "tokenizer/normal_forms.hpp"

#include <unicode/normalizer2.h>

#include <algorithm>

#include "tokenizer/tokenizer_error.hpp"
#include "tokenizer/unicode.hpp"

namespace motet::tokenizer {
namespace {

constexpr int kVersion = 9;

const icu::Normalizer2& icu_form(bool compatibility) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* form =
      compatibility ? icu::Normalizer2::getNFKCInstance(status) : icu::Normalizer2::getNFCInstance(status);
  if (U_FAILURE(status)) fail_text(std::string("ICU has no normalization data: ") + u_errorName(status));
  return *form;
}

// A character with its combining class; `change` as in Change.
struct Mark {
  char32_t code;
  int change;
  int combining_class;
};

class Decomposer {
 public:
  explicit Decomposer(bool compatibility) : form_(icu_form(compatibility)) {}

  int combining_class(char32_t code) const {
    if (code < 0x300) return 0;
    return assigned_by(code, kVersion) ? form_.getCombiningClass(static_cast<UChar32>(code)) : 0;
  }

  std::vector<Mark> decompose(const AlignedText& text) const {
    std::vector<Mark> marks;
    marks.reserve(text.text.size());
    std::size_t run = 0;  // first mark since the last starter
    icu::UnicodeString parts;
    const auto push = [&](char32_t code, bool first) {
      const int combining = combining_class(code);
      if (combining == 0) order(marks, run);
      marks.push_back({code, first ? 0 : 1, combining});
      if (combining == 0) run = marks.size();
    };
    text.each([&](char32_t code) {
      if (code < 0xA0 || !assigned_by(code, kVersion) || !form_.getDecomposition(static_cast<UChar32>(code), parts)) {
        push(code, true);
        return;
      }
      for (std::int32_t i = 0; i < parts.length(); i = parts.moveIndex32(i, 1)) {
        push(static_cast<char32_t>(parts.char32At(i)), i == 0);
      }
    });
    order(marks, run);
    return marks;
  }

  char32_t compose(char32_t first, char32_t second) const {
    const UChar32 both = form_.composePair(static_cast<UChar32>(first), static_cast<UChar32>(second));
    return both >= 0 && assigned_by(static_cast<char32_t>(both), kVersion) ? static_cast<char32_t>(both) : 0;
  }

 private:
  static void order(std::vector<Mark>& marks, std::size_t run) {
    std::stable_sort(marks.begin() + run, marks.end(),
                     [](const Mark& a, const Mark& b) { return a.combining_class < b.combining_class; });
  }

  const icu::Normalizer2& form_;
};

// Canonical composition in place; a character that takes another in counts it as swallowed.
void recompose(const Decomposer& decomposer, std::vector<Mark>& marks) {
  std::size_t out = 0;
  std::size_t starter = marks.size();
  int last_class = -1;  // of the last mark left standing after the starter
  for (const Mark mark : std::vector<Mark>(marks)) {
    if (starter < out && (last_class < mark.combining_class)) {
      if (const char32_t both = decomposer.compose(marks[starter].code, mark.code)) {
        marks[starter].code = both;
        marks[starter].change += mark.change - 1;
        continue;
      }
    }
    if (mark.combining_class == 0) {
      starter = out;
      last_class = -1;
    } else {
      last_class = mark.combining_class;
    }
    marks[out++] = mark;
  }
  marks.resize(out);
}

}  // namespace

void normalize(NormalForm form, AlignedText& text) {
  const bool composed = form == NormalForm::nfc || form == NormalForm::nfkc;
  // Nothing below decomposes, combines or (when composing) has anything after it to combine with.
  const char32_t inert = form == NormalForm::nfc ? 0x300 : form == NormalForm::nfd ? 0xC0 : 0xA0;
  char32_t highest = 0;
  text.each([&](char32_t code) { highest = std::max(highest, code); });
  if (highest < inert) return;

  const Decomposer decomposer(form == NormalForm::nfkd || form == NormalForm::nfkc);
  std::vector<Mark> marks = decomposer.decompose(text);
  if (composed) recompose(decomposer, marks);
  std::vector<Change> changes;
  changes.reserve(marks.size());
  for (const Mark& mark : marks) changes.push_back({mark.code, mark.change});
  text.rewrite(changes);
}

}  // namespace motet::tokenizer
