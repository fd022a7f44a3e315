#include "tokenizer/normalizers.hpp"

#include "tokenizer/normal_forms.hpp"
#include "tokenizer/pattern.hpp"
#include "tokenizer/pieces.hpp"
#include "tokenizer/precompiled.hpp"
#include "tokenizer/unicode.hpp"

namespace motet::tokenizer {
namespace {

constexpr std::string_view kSupported =
    "Sequence, BertNormalizer, NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, Strip, Prepend, Replace, Precompiled, "
    "Nmt, "
    "ByteLevel";

// A normalizer that is one function of the text.
template <class Apply>
class Simple : public Normalizer {
 public:
  explicit Simple(Apply apply) : apply_(std::move(apply)) {}
  void normalize(AlignedText& text) const override { apply_(text); }

 private:
  Apply apply_;
};

template <class Apply>
std::unique_ptr<const Normalizer> simple(Apply apply) {
  return std::make_unique<Simple<Apply>>(std::move(apply));
}

// Rewrites character by character; expand(code, changes) appends what becomes of one.
template <class Expand>
void rewrite_each(AlignedText& text, Expand expand) {
  std::vector<Change> changes;
  changes.reserve(text.text.size());
  text.each([&](char32_t code) { expand(code, changes); });
  text.rewrite(changes);
}

void apply_lowercase(AlignedText& text) {
  rewrite_each(text, [](char32_t code, std::vector<Change>& changes) {
    const Lowercase lower = lowercase(code);
    for (int i = 0; i < lower.count; ++i) changes.push_back({lower.codes[i], i > 0});
  });
}

void apply_byte_level(AlignedText& text) {
  std::vector<Change> changes;
  changes.reserve(text.text.size());
  for (const char c : text.text) {
    const auto byte = static_cast<unsigned char>(c);
    changes.push_back({byte_level_character(byte), (byte & 0xC0) == 0x80});
  }
  text.rewrite(changes);
}

bool is_nmt_dropped(char32_t code) {
  return (code >= 0x01 && code <= 0x08) || code == 0x0B || (code >= 0x0E && code <= 0x1F) || code == 0x7F ||
         code == 0x8F || code == 0x9F;
}
bool is_nmt_blank(char32_t code) {
  return code == 0x09 || code == 0x0A || code == 0x0C || code == 0x0D || code == 0x1680 ||
         (code >= 0x200B && code <= 0x200F) || code == 0x2028 || code == 0x2029 || code == 0x2581 || code == 0xFEFF ||
         code == 0xFFFD;
}

void apply_nmt(AlignedText& text) {
  text.filter([](char32_t code) { return !is_nmt_dropped(code); });
  rewrite_each(text, [](char32_t code, std::vector<Change>& changes) {
    changes.push_back({is_nmt_blank(code) ? U' ' : code, 0});
  });
}

bool is_cjk_ideograph(char32_t code) {
  return (code >= 0x4E00 && code <= 0x9FFF) || (code >= 0x3400 && code <= 0x4DBF) ||
         (code >= 0x20000 && code <= 0x2A6DF) || (code >= 0x2A700 && code <= 0x2B73F) ||
         (code >= 0x2B740 && code <= 0x2B81F) || (code >= 0x2B920 && code <= 0x2CEAF) ||
         (code >= 0xF900 && code <= 0xFAFF) || (code >= 0x2F800 && code <= 0x2FA1F);
}

class Bert : public Normalizer {
 public:
  explicit Bert(const JsonView& json)
      : clean_text_(json.boolean_or("clean_text", true)),
        spaces_ideographs_(json.boolean_or("handle_chinese_chars", true)),
        lowercase_(json.boolean_or("lowercase", true)),
        strip_accents_(json.boolean_or("strip_accents", lowercase_)) {}

  void normalize(AlignedText& text) const override {
    if (clean_text_) clean(text);
    if (spaces_ideographs_) {
      rewrite_each(text, [](char32_t code, std::vector<Change>& changes) {
        if (!is_cjk_ideograph(code)) {
          changes.push_back({code, 0});
        } else {
          changes.insert(changes.end(), {{' ', 0}, {code, 1}, {' ', 1}});
        }
      });
    }
    if (strip_accents_) {
      tokenizer::normalize(NormalForm::nfd, text);
      text.filter([](char32_t code) { return !is_nonspacing_mark(code); });
    }
    if (lowercase_) apply_lowercase(text);
  }

 private:
  static void clean(AlignedText& text) {
    const auto is_blank = [](char32_t code) { return code == '\t' || code == '\n' || code == '\r'; };
    text.filter(
        [&](char32_t code) { return is_blank(code) || (code != 0 && code != 0xFFFD && !is_control_or_private(code)); });
    rewrite_each(text, [](char32_t code, std::vector<Change>& changes) {
      changes.push_back({is_white_space(code) ? U' ' : code, 0});
    });
  }

  bool clean_text_, spaces_ideographs_, lowercase_, strip_accents_;
};

class Sequence : public Normalizer {
 public:
  Sequence(const JsonView& json, int depth) {
    json.at("normalizers").each_item([&](const JsonView& item) {
      if (std::unique_ptr<const Normalizer> part = make_normalizer(item, depth + 1)) parts_.push_back(std::move(part));
    });
  }
  void normalize(AlignedText& text) const override {
    for (const auto& part : parts_) part->normalize(text);
  }

 private:
  std::vector<std::unique_ptr<const Normalizer>> parts_;
};

std::unique_ptr<const Normalizer> make_replace(const JsonView& json) {
  return simple([pattern = read_pattern(json.at("pattern")), content = std::string(json.at("content").string())](
                    AlignedText& text) { text.replace(pattern.find(text.text), content); });
}

std::unique_ptr<const Normalizer> make_form(NormalForm form) {
  return simple([form](AlignedText& text) { normalize(form, text); });
}

}  // namespace

std::unique_ptr<const Normalizer> make_normalizer(const JsonView& json, int depth) {
  if (json.is_null()) return nullptr;
  if (depth > kMaxDepth) json.fail("is nested too deeply");
  const std::string_view type = json.at("type").string();
  if (type == "Sequence") return std::make_unique<Sequence>(json, depth);
  if (type == "BertNormalizer") return std::make_unique<Bert>(json);
  if (type == "NFC") return make_form(NormalForm::nfc);
  if (type == "NFD") return make_form(NormalForm::nfd);
  if (type == "NFKC") return make_form(NormalForm::nfkc);
  if (type == "NFKD") return make_form(NormalForm::nfkd);
  if (type == "Lowercase") return simple(apply_lowercase);
  if (type == "StripAccents") {
    return simple([](AlignedText& text) { text.filter([](char32_t code) { return !is_combining_mark(code); }); });
  }
  if (type == "Strip") {
    return simple([left = json.boolean_or("strip_left", true),
                   right = json.boolean_or("strip_right", true)](AlignedText& text) { text.strip(left, right); });
  }
  if (type == "Prepend") {
    return simple([prefix = std::string(json.at("prepend").string())](AlignedText& text) { text.prepend(prefix); });
  }
  if (type == "Replace") return make_replace(json);
  if (type == "Precompiled") {
    return simple([map = PrecompiledMap(json.at("precompiled_charsmap"))](AlignedText& text) { map.normalize(text); });
  }
  if (type == "Nmt") return simple(apply_nmt);
  if (type == "ByteLevel") return simple(apply_byte_level);
  json.fail_type("normalizer", type, kSupported);
}

}  // namespace motet::tokenizer
