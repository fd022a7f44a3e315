#include "tokenizer/pre_tokenizers.hpp"

#include "tokenizer/pattern.hpp"
#include "tokenizer/unicode.hpp"

namespace motet::tokenizer {
namespace {

constexpr std::string_view kSupported =
    "Sequence, BertPreTokenizer, ByteLevel, Metaspace, Whitespace, WhitespaceSplit, Split, Digits, Punctuation, "
    "CharDelimiterSplit, FixedLength";

template <class Apply>
class Simple : public PreTokenizer {
 public:
  explicit Simple(Apply apply) : apply_(std::move(apply)) {}
  void cut(PieceList& pieces) const override { apply_(pieces); }

 private:
  Apply apply_;
};

template <class Apply>
std::unique_ptr<const PreTokenizer> simple(Apply apply) {
  return std::make_unique<Simple<Apply>>(std::move(apply));
}

SplitBehavior read_behavior(const JsonView& json) {
  const std::string_view name = json.string();
  // The reference writes CamelCase and reads it too; hand-written files follow its Python names.
  if (name == "Removed" || name == "removed") return SplitBehavior::removed;
  if (name == "Isolated" || name == "isolated") return SplitBehavior::isolated;
  if (name == "MergedWithPrevious" || name == "merged_with_previous") return SplitBehavior::merged_with_previous;
  if (name == "MergedWithNext" || name == "merged_with_next") return SplitBehavior::merged_with_next;
  if (name == "Contiguous" || name == "contiguous") return SplitBehavior::contiguous;
  json.fail_type("split behavior", name, "Removed, Isolated, MergedWithPrevious, MergedWithNext, Contiguous");
}

class ByteLevel : public PreTokenizer {
 public:
  ByteLevel(bool add_prefix_space, bool use_regex)
      : add_prefix_space_(add_prefix_space), use_regex_(use_regex), words_(Pattern::gpt2()) {}

  void cut(PieceList& pieces) const override {
    if (add_prefix_space_) {
      pieces.rewrite([](AlignedText& text) {
        if (!text.text.starts_with(' ')) text.prepend(" ");
      });
    }
    if (use_regex_) {
      pieces.split(SplitBehavior::isolated, false, [&](std::string_view text) { return words_.find(text); });
    }
    pieces.map_bytes();
  }

 private:
  bool add_prefix_space_, use_regex_;
  Pattern words_;
};

class Metaspace : public PreTokenizer {
 public:
  explicit Metaspace(const JsonView& json) : split_(json.boolean_or("split", true)) {
    append_utf8(replacement_, json.at("replacement").character());
    const std::string_view scheme = json.string_or("prepend_scheme", "always");
    if (scheme != "always" && scheme != "never" && scheme != "first") {
      json.at("prepend_scheme").fail_type("prepend scheme", scheme, "always, first, never");
    }
    prepends_ = scheme != "never" && json.boolean_or("add_prefix_space", true);
    only_first_ = scheme == "first";
    marker_ = Pattern::literal(replacement_);
  }

  void cut(PieceList& pieces) const override {
    pieces.rewrite([&](AlignedText& text) {
      text.replace(space_.find(text.text), replacement_);
      const bool here = prepends_ && (!only_first_ || text.original_begin == 0);
      if (here && !text.text.starts_with(replacement_)) text.prepend(replacement_);
    });
    if (split_) {
      pieces.split(SplitBehavior::merged_with_next, false, [&](std::string_view text) { return marker_.find(text); });
    }
  }

 private:
  std::string replacement_;
  bool split_;
  bool prepends_ = true;
  bool only_first_ = false;
  Pattern space_ = Pattern::literal(" ");
  Pattern marker_ = Pattern::literal(" ");
};

class Sequence : public PreTokenizer {
 public:
  Sequence(const JsonView& json, int depth) {
    json.at("pretokenizers").each_item([&](const JsonView& item) { add(make_pre_tokenizer(item, depth + 1)); });
  }
  explicit Sequence(std::unique_ptr<const PreTokenizer> first, std::unique_ptr<const PreTokenizer> second) {
    add(std::move(first));
    add(std::move(second));
  }
  void cut(PieceList& pieces) const override {
    for (const auto& part : parts_) part->cut(pieces);
  }

 private:
  void add(std::unique_ptr<const PreTokenizer> part) {
    if (part) parts_.push_back(std::move(part));
  }
  std::vector<std::unique_ptr<const PreTokenizer>> parts_;
};

// Runs of word characters and runs of what is neither word nor blank.
std::vector<Span> find_words(std::string_view text) {
  std::vector<Span> found;
  int last = 0;
  for (std::uint32_t at = 0; at < text.size();) {
    const Utf8Char c = utf8_at(text, at);
    const int kind = is_word_character(c.code) ? 1 : is_white_space(c.code) ? 0 : 2;
    if (kind != 0 && kind == last) {
      found.back().end = at + c.size;
    } else if (kind != 0) {
      found.push_back({at, at + c.size});
    }
    last = kind;
    at += c.size;
  }
  return found;
}

std::vector<Span> find_chunks(std::string_view text, std::uint64_t length) {
  std::vector<Span> found;
  std::uint64_t count = 0;
  for (std::uint32_t at = 0; at < text.size(); ++count) {
    const std::uint32_t size = utf8_lead_size(text[at]);
    if (count % length == 0) found.push_back({at, at});
    found.back().end = at + size;
    at += size;
  }
  return found;
}

void cut_bert(PieceList& pieces) {
  pieces.split_characters(SplitBehavior::removed, is_white_space);
  pieces.split_characters(SplitBehavior::isolated, is_punctuation);
}

std::unique_ptr<const PreTokenizer> make_digits(bool individual) {
  const SplitBehavior behavior = individual ? SplitBehavior::isolated : SplitBehavior::contiguous;
  return simple([behavior](PieceList& pieces) { pieces.split_characters(behavior, is_numeric); });
}

std::unique_ptr<const PreTokenizer> make_split(const JsonView& json) {
  return simple([pattern = read_pattern(json.at("pattern")), behavior = read_behavior(json.at("behavior")),
                 invert = json.boolean_or("invert", false)](PieceList& pieces) {
    pieces.split(behavior, invert, [&](std::string_view text) { return pattern.find(text); });
  });
}

std::unique_ptr<const PreTokenizer> make_punctuation(const JsonView& json) {
  const std::optional<JsonView> given = json.find("behavior");
  const SplitBehavior behavior = given ? read_behavior(*given) : SplitBehavior::isolated;
  return simple([behavior](PieceList& pieces) { pieces.split_characters(behavior, is_punctuation); });
}

std::unique_ptr<const PreTokenizer> make_fixed_length(const JsonView& json) {
  const std::optional<JsonView> given = json.find("length");
  const std::uint64_t length = given ? given->unsigned_integer(kMaxTokenId) : 5;
  if (length == 0) given->fail("must be at least 1");
  return simple([length](PieceList& pieces) {
    pieces.split(SplitBehavior::isolated, false, [&](std::string_view text) { return find_chunks(text, length); });
  });
}

}  // namespace

std::unique_ptr<const PreTokenizer> make_byte_level(bool individual_digits) {
  auto words = std::make_unique<ByteLevel>(false, true);
  if (!individual_digits) return words;
  return std::make_unique<Sequence>(make_digits(true), std::move(words));
}

std::unique_ptr<const PreTokenizer> make_pre_tokenizer(const JsonView& json, int depth) {
  if (json.is_null()) return nullptr;
  if (depth > kMaxDepth) json.fail("is nested too deeply");
  const std::string_view type = json.at("type").string();
  if (type == "Sequence") return std::make_unique<Sequence>(json, depth);
  if (type == "BertPreTokenizer") return simple(cut_bert);
  if (type == "ByteLevel") {
    return std::make_unique<ByteLevel>(json.boolean_or("add_prefix_space", true), json.boolean_or("use_regex", true));
  }
  if (type == "Metaspace") return std::make_unique<Metaspace>(json);
  if (type == "Whitespace") {
    return simple([](PieceList& pieces) { pieces.split(SplitBehavior::removed, true, find_words); });
  }
  if (type == "WhitespaceSplit") {
    return simple([](PieceList& pieces) { pieces.split_characters(SplitBehavior::removed, is_white_space); });
  }
  if (type == "Split") return make_split(json);
  if (type == "Digits") return make_digits(json.boolean_or("individual_digits", false));
  if (type == "Punctuation") return make_punctuation(json);
  if (type == "CharDelimiterSplit" || type == "Delimiter") {
    return simple([delimiter = json.at("delimiter").character()](PieceList& pieces) {
      pieces.split_characters(SplitBehavior::removed, [&](char32_t code) { return code == delimiter; });
    });
  }
  if (type == "FixedLength") return make_fixed_length(json);
  json.fail_type("pre-tokenizer", type, kSupported);
}

}  // namespace motet::tokenizer
