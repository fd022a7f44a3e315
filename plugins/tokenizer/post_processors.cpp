#include "tokenizer/post_processors.hpp"

#include <algorithm>
#include <optional>
#include <unordered_map>

namespace motet::tokenizer {
namespace {

constexpr std::string_view kSupported = "TemplateProcessing, BertProcessing, RobertaProcessing, ByteLevel, Sequence";

Encoding special_tokens(const std::vector<TokenId>& ids, std::uint32_t type_id) {
  Encoding encoding;
  for (const TokenId id : ids) encoding.push(id, type_id, -1, {}, true, {});
  return encoding;
}

// Moves each token's offsets past the blanks that its text begins and ends with.
void trim_offsets(Encoding& encoding, bool add_prefix_space) {
  for (Encoding& part : encoding.overflow) trim_offsets(part, add_prefix_space);
  for (std::size_t i = 0; i < encoding.size(); ++i) {
    CharacterRange& offset = encoding.offsets[i];
    CharacterRange blank = encoding.blanks[i];
    // A single blank at the front was put there by the pre-tokenizer and has no place in the text.
    if (blank.begin == 1 && add_prefix_space && (i == 0 || offset.begin == 0)) blank.begin = 0;
    offset.begin = std::min(offset.begin + blank.begin, offset.end);
    if (offset.end >= blank.end) offset.end = std::max(offset.end - blank.end, offset.begin);
  }
}

class ByteLevel : public PostProcessor {
 public:
  explicit ByteLevel(const JsonView& json)
      : trims_(json.boolean_or("trim_offsets", true)), prefix_space_(json.boolean_or("add_prefix_space", true)) {}
  std::size_t added_tokens(bool) const override { return 0; }
  std::vector<Encoding> process(std::vector<Encoding> encodings, bool) const override {
    for (Encoding& encoding : encodings) {
      if (trims_) trim_offsets(encoding, prefix_space_);
    }
    return encodings;
  }

 private:
  bool trims_, prefix_space_;
};

TokenId read_id(const JsonView& json) { return static_cast<TokenId>(json.unsigned_integer(kMaxTokenId)); }

// ["[SEP]", 102]
TokenId read_named_id(const JsonView& json) {
  std::vector<JsonView> parts;
  json.each_item([&](const JsonView& item) { parts.push_back(item); });
  if (parts.size() != 2 || !parts[0].is_string()) json.fail("wanted [\"token\", id]");
  return read_id(parts[1]);
}

class Bert : public PostProcessor {
 public:
  explicit Bert(const JsonView& json) : sep_(read_named_id(json.at("sep"))), cls_(read_named_id(json.at("cls"))) {}
  std::size_t added_tokens(bool pair) const override { return pair ? 3 : 2; }
  std::vector<Encoding> process(std::vector<Encoding> encodings, bool add_special_tokens) const override {
    if (!add_special_tokens) return encodings;
    std::vector<Encoding> out;
    out.push_back(special_tokens({cls_}, 0));
    for (std::size_t i = 0; i < encodings.size(); ++i) {
      out.push_back(std::move(encodings[i]));
      out.push_back(special_tokens({sep_}, i == 0 ? 0 : 1));
    }
    return out;
  }

 private:
  TokenId sep_, cls_;
};

class Roberta : public PostProcessor {
 public:
  explicit Roberta(const JsonView& json)
      : sep_(read_named_id(json.at("sep"))),
        cls_(read_named_id(json.at("cls"))),
        trims_(json.boolean_or("trim_offsets", true)),
        prefix_space_(json.boolean_or("add_prefix_space", true)) {}
  std::size_t added_tokens(bool pair) const override { return pair ? 4 : 2; }
  std::vector<Encoding> process(std::vector<Encoding> encodings, bool add_special_tokens) const override {
    std::vector<Encoding> out;
    for (std::size_t i = 0; i < encodings.size(); ++i) {
      if (trims_) trim_offsets(encodings[i], prefix_space_);
      std::fill(encodings[i].type_ids.begin(), encodings[i].type_ids.end(), 0);
      for (Encoding& part : encodings[i].overflow) std::fill(part.type_ids.begin(), part.type_ids.end(), 0);
      if (add_special_tokens) out.push_back(special_tokens({i == 0 ? cls_ : sep_}, 0));
      out.push_back(std::move(encodings[i]));
      if (add_special_tokens) out.push_back(special_tokens({sep_}, 0));
    }
    return out;
  }

 private:
  TokenId sep_, cls_;
  bool trims_, prefix_space_;
};

// Special tokens (`text` empty) or one of the texts.
struct TemplatePart {
  std::optional<std::size_t> text;
  std::vector<TokenId> ids;
  std::uint32_t type_id = 0;
};
using TemplateParts = std::vector<TemplatePart>;

class Template : public PostProcessor {
 public:
  Template(TemplateParts single, TemplateParts pair) : single_(std::move(single)), pair_(std::move(pair)) {}

  std::size_t added_tokens(bool pair) const override {
    std::size_t count = 0;
    for (const TemplatePart& part : pair ? pair_ : single_) count += part.ids.size();
    return count;
  }

  std::vector<Encoding> process(std::vector<Encoding> encodings, bool add_special_tokens) const override {
    std::vector<Encoding> out;
    for (const TemplatePart& part : encodings.size() > 1 ? pair_ : single_) {
      if (part.text) {
        Encoding encoding = encodings[*part.text];
        std::fill(encoding.type_ids.begin(), encoding.type_ids.end(), part.type_id);
        out.push_back(std::move(encoding));
      } else if (add_special_tokens) {
        out.push_back(special_tokens(part.ids, part.type_id));
      }
    }
    return out;
  }

 private:
  TemplateParts single_, pair_;
};

using SpecialIds = std::unordered_map<std::string, std::vector<TokenId>>;

// `texts` is how many there are to be placed.
TemplateParts read_template(const JsonView& json, const SpecialIds& special, std::size_t texts) {
  TemplateParts parts;
  json.each_item([&](const JsonView& item) {
    TemplatePart part;
    const auto sequence = item.find("Sequence");
    const JsonView body = sequence ? *sequence : item.at("SpecialToken");
    if (const auto type = body.find("type_id")) part.type_id = read_id(*type);
    const JsonView id = body.at("id");
    if (sequence) {
      if (id.string() != "A" && id.string() != "B") id.fail("wanted 'A' or 'B'");
      part.text = id.string() == "A" ? 0 : 1;
      if (*part.text >= texts) id.fail("there is no second text here");
    } else {
      const auto known = special.find(std::string(id.string()));
      if (known == special.end()) id.fail("'" + std::string(id.string()) + "' is not among special_tokens");
      part.ids = known->second;
    }
    parts.push_back(std::move(part));
  });
  return parts;
}

std::unique_ptr<const PostProcessor> make_template(const JsonView& json) {
  SpecialIds special;
  if (const auto tokens = json.find("special_tokens")) {
    for (const auto [name, value] : tokens->object()) {
      std::vector<TokenId>& ids = special[std::string(name)];
      JsonView(value, tokens->place() + '.' + std::string(name)).at("ids").each_item([&](const JsonView& id) {
        ids.push_back(read_id(id));
      });
    }
  }
  return std::make_unique<Template>(read_template(json.at("single"), special, 1),
                                    read_template(json.at("pair"), special, 2));
}

class Sequence : public PostProcessor {
 public:
  Sequence(const JsonView& json, int depth) {
    json.at("processors").each_item([&](const JsonView& item) {
      if (std::unique_ptr<const PostProcessor> part = make_post_processor(item, depth + 1))
        parts_.push_back(std::move(part));
    });
  }
  std::size_t added_tokens(bool pair) const override {
    std::size_t count = 0;
    for (const auto& part : parts_) count += part->added_tokens(pair);
    return count;
  }
  std::vector<Encoding> process(std::vector<Encoding> encodings, bool add_special_tokens) const override {
    for (const auto& part : parts_) encodings = part->process(std::move(encodings), add_special_tokens);
    return encodings;
  }

 private:
  std::vector<std::unique_ptr<const PostProcessor>> parts_;
};

}  // namespace

std::unique_ptr<const PostProcessor> make_surround(std::vector<TokenId> before, std::vector<TokenId> after) {
  TemplateParts single{{std::nullopt, before, 0}, {0, {}, 0}, {std::nullopt, after, 0}};
  TemplateParts pair = single;
  pair.insert(pair.end(), {{std::nullopt, before, 1}, {1, {}, 1}, {std::nullopt, after, 1}});
  return std::make_unique<Template>(std::move(single), std::move(pair));
}

std::unique_ptr<const PostProcessor> make_post_processor(const JsonView& json, int depth) {
  if (json.is_null()) return nullptr;
  if (depth > kMaxDepth) json.fail("is nested too deeply");
  const std::string_view type = json.at("type").string();
  if (type == "TemplateProcessing") return make_template(json);
  if (type == "BertProcessing") return std::make_unique<Bert>(json);
  if (type == "RobertaProcessing") return std::make_unique<Roberta>(json);
  if (type == "ByteLevel") return std::make_unique<ByteLevel>(json);
  if (type == "Sequence") return std::make_unique<Sequence>(json, depth);
  json.fail_type("post-processor", type, kSupported);
}

}  // namespace motet::tokenizer
