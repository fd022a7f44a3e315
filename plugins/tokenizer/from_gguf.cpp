// A tokenizer from what a GGUF file says of it.
#include <algorithm>
#include <numeric>

#include "tokenizer/bpe.hpp"
#include "tokenizer/pattern.hpp"
#include "tokenizer/tokenizer.hpp"

namespace motet::tokenizer {
namespace {

constexpr std::string_view kWordStart = "\xE2\x96\x81";  // U+2581
enum TokenType : std::int32_t { kNormal = 1, kUnknown = 2, kControl = 3, kUserDefined = 4 };

std::string key(std::string_view name) { return "tokenizer.ggml." + std::string(name); }

std::int32_t type_of(const GgufVocabulary& gguf, std::size_t id) {
  return gguf.token_types.empty() ? kNormal : gguf.token_types[id];
}

void check(const GgufVocabulary& gguf) {
  if (gguf.tokens.empty()) fail_description(key("tokens"), "is empty or missing");
  if (gguf.tokens.size() > kMaxTokenId) fail_description(key("tokens"), "has too many tokens");
  const auto same_size = [&](std::size_t size, std::string_view name) {
    if (size != 0 && size != gguf.tokens.size()) {
      fail_description(
          key(name), "has " + std::to_string(size) + " entries for " + std::to_string(gguf.tokens.size()) + " tokens");
    }
  };
  same_size(gguf.scores.size(), "scores");
  same_size(gguf.token_types.size(), "token_type");
  for (std::size_t i = 0; i < gguf.tokens.size(); ++i) {
    if (const auto fault = find_utf8_fault(gguf.tokens[i])) {
      fail_description(key("tokens") + '[' + std::to_string(i) + ']',
                       "is not valid UTF-8 at byte " + std::to_string(fault->offset));
    }
  }
  const auto in_range = [&](std::optional<std::uint32_t> id, std::string_view name) {
    if (id && *id >= gguf.tokens.size()) {
      fail_description(key(name), "is " + std::to_string(*id) + ", but there are only " +
                                      std::to_string(gguf.tokens.size()) + " tokens");
    }
  };
  in_range(gguf.bos, "bos_token_id");
  in_range(gguf.eos, "eos_token_id");
  in_range(gguf.unknown, "unknown_token_id");
}

Vocabulary read_tokens(const GgufVocabulary& gguf) {
  Vocabulary vocabulary;
  std::size_t bytes = 0;
  for (const std::string_view token : gguf.tokens) bytes += token.size();
  vocabulary.reserve(gguf.tokens.size(), bytes);
  for (std::size_t id = 0; id < gguf.tokens.size(); ++id) vocabulary.add(gguf.tokens[id], static_cast<TokenId>(id));
  return vocabulary;
}

std::vector<AddedToken> read_added(const GgufVocabulary& gguf) {
  std::vector<AddedToken> added;
  for (std::size_t id = 0; id < gguf.tokens.size(); ++id) {
    const std::int32_t type = type_of(gguf, id);
    if ((type != kUnknown && type != kControl && type != kUserDefined) || gguf.tokens[id].empty()) continue;
    AddedToken token;
    token.content = gguf.tokens[id];
    token.special = type != kUserDefined;
    added.push_back(std::move(token));
  }
  return added;
}

std::vector<TokenId> one_if(bool wanted, std::optional<std::uint32_t> id) {
  return wanted && id ? std::vector<TokenId>{*id} : std::vector<TokenId>{};
}

std::unique_ptr<const PostProcessor> make_ends(std::vector<TokenId> before, std::vector<TokenId> after) {
  if (before.empty() && after.empty()) return nullptr;
  return make_surround(std::move(before), std::move(after));
}

class SplitThenBytes : public PreTokenizer {
 public:
  explicit SplitThenBytes(const std::string& pattern) : pattern_(Pattern::regex(pattern, key("pre"))) {}
  void cut(PieceList& pieces) const override {
    pieces.split(SplitBehavior::isolated, false, [&](std::string_view text) { return pattern_.find(text); });
    pieces.map_bytes();
  }

 private:
  Pattern pattern_;
};

std::unique_ptr<const PreTokenizer> make_pre(const std::string& pre) {
  if (pre == "smollm") return make_byte_level(true);
  if (pre == "gpt-2" || pre == "gpt2" || pre.empty() || pre == "default") return make_byte_level(false);
  const bool llama = pre == "llama-bpe" || pre == "llama3" || pre == "llama-v3";
  if (llama || pre == "qwen2") {
    const std::string digits = llama ? R"(\p{N}{1,3})" : R"(\p{N})";
    return std::make_unique<SplitThenBytes>(R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|)" + digits +
                                            R"(| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)");
  }
  fail_description(key("pre"), "'" + pre + "' is not supported; supported: gpt-2, smollm, llama-bpe, qwen2");
}

Tokenizer::Parts byte_level_parts(const GgufVocabulary& gguf) {
  Tokenizer::Parts parts;
  Vocabulary vocabulary = read_tokens(gguf);
  if (gguf.merges.empty()) fail_description(key("merges"), "is empty or missing");
  MergeReader merges(vocabulary, gguf.merges.size(), 0, key("merges"));
  for (std::size_t i = 0; i < gguf.merges.size(); ++i) {
    const std::string_view text = gguf.merges[i];
    const std::size_t blank = text.find(' ', 1);
    if (blank == text.npos) fail_description(key("merges") + '[' + std::to_string(i) + ']', "wanted \"left right\"");
    merges.add(text.substr(0, blank), text.substr(blank + 1), i);
  }
  MergeTable table = merges.finish();
  parts.pre_tokenizer = make_pre(gguf.pre);
  parts.model = std::make_unique<Bpe>(std::move(vocabulary), std::move(table), BpeOptions{});
  parts.decoder = make_byte_level_decoder();
  parts.post_processor =
      make_ends(one_if(gguf.add_bos.value_or(false), gguf.bos), one_if(gguf.add_eos.value_or(false), gguf.eos));
  return parts;
}

// SentencePiece's BPE merges whichever neighbours give the token with the greatest score: so each way to make a token
// of two others is a merge, ranked by the score of what comes out, then by the parts' ids.
MergeTable merges_by_score(const GgufVocabulary& gguf, const Vocabulary& vocabulary) {
  struct Way {
    TokenId left, right, both;
  };
  std::vector<Way> ways;
  for (TokenId id = 0; id < gguf.tokens.size(); ++id) {
    const std::string_view token = gguf.tokens[id];
    const std::size_t before = ways.size();
    for (std::size_t at = 1; at < token.size(); ++at) {
      if ((token[at] & 0xC0) == 0x80) continue;
      const Way way{vocabulary.find(token.substr(0, at)), vocabulary.find(token.substr(at)), id};
      if (way.left != kNoToken && way.right != kNoToken) ways.push_back(way);
    }
    std::sort(ways.begin() + before, ways.end(),
              [](const Way& a, const Way& b) { return a.left != b.left ? a.left < b.left : a.right < b.right; });
  }
  std::stable_sort(ways.begin(), ways.end(),
                   [&](const Way& a, const Way& b) { return gguf.scores[a.both] > gguf.scores[b.both]; });
  MergeTable merges;
  merges.reserve(ways.size());
  for (std::size_t i = 0; i < ways.size(); ++i) {
    merges.add(ways[i].left, ways[i].right, {static_cast<std::uint32_t>(i), ways[i].both});
  }
  return merges;
}

class SentencePieceNormalizer : public Normalizer {
 public:
  explicit SentencePieceNormalizer(bool prefix) : prefix_(prefix) {}
  void normalize(AlignedText& text) const override {
    if (prefix_) text.prepend(kWordStart);
    text.replace(space_.find(text.text), kWordStart);
  }

 private:
  bool prefix_;
  Pattern space_ = Pattern::literal(" ");
};

Tokenizer::Parts sentence_piece_parts(const GgufVocabulary& gguf) {
  if (gguf.scores.empty()) fail_description(key("scores"), "is empty or missing");
  Tokenizer::Parts parts;
  Vocabulary vocabulary = read_tokens(gguf);
  MergeTable merges = merges_by_score(gguf, vocabulary);
  BpeOptions options;
  if (gguf.unknown) options.unknown = std::string(gguf.tokens[*gguf.unknown]);
  options.fuse_unknown = true;
  options.byte_fallback = true;
  const bool prefix = gguf.add_space_prefix.value_or(true);
  parts.normalizer = std::make_unique<SentencePieceNormalizer>(prefix);
  parts.model = std::make_unique<Bpe>(std::move(vocabulary), std::move(merges), std::move(options));
  parts.decoder = make_sentence_piece_decoder(prefix);
  parts.post_processor =
      make_ends(one_if(gguf.add_bos.value_or(true), gguf.bos), one_if(gguf.add_eos.value_or(false), gguf.eos));
  return parts;
}

}  // namespace

Tokenizer Tokenizer::from_gguf(const GgufVocabulary& gguf) {
  check(gguf);
  Parts parts;
  if (gguf.model == "gpt2") {
    parts = byte_level_parts(gguf);
  } else if (gguf.model == "llama") {
    parts = sentence_piece_parts(gguf);
  } else {
    fail_description(key("model"), "'" + gguf.model + "' is not supported; supported: gpt2, llama");
  }
  parts.added = read_added(gguf);
  return Tokenizer(std::move(parts));
}

}  // namespace motet::tokenizer
