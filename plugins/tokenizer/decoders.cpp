#include "tokenizer/decoders.hpp"

#include <algorithm>
#include <array>

#include "tokenizer/pattern.hpp"
#include "tokenizer/pieces.hpp"

namespace motet::tokenizer {
namespace {

constexpr std::string_view kSupported =
    "Sequence, ByteLevel, WordPiece, Metaspace, BPEDecoder, Replace, ByteFallback, Fuse, Strip, CTC";

using Tokens = std::vector<std::string>;

template <class Apply>
class Simple : public Decoder {
 public:
  explicit Simple(Apply apply) : apply_(std::move(apply)) {}
  void decode(Tokens& tokens) const override { apply_(tokens); }

 private:
  Apply apply_;
};

template <class Apply>
std::unique_ptr<const Decoder> simple(Apply apply) {
  return std::make_unique<Simple<Apply>>(std::move(apply));
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  if (from.empty() || text.find(from) == text.npos) return;
  std::string out;
  std::size_t done = 0;
  for (std::size_t at = text.find(from); at != text.npos; at = text.find(from, done)) {
    out.append(text, done, at - done).append(to);
    done = at + from.size();
  }
  text = out.append(text, done);
}

void fuse(Tokens& tokens) {
  std::string all;
  for (const std::string& token : tokens) all += token;
  tokens.assign(1, all);
}

void decode_byte_level(Tokens& tokens) {
  std::string bytes;
  for (const std::string& token : tokens) {
    const std::size_t before = bytes.size();
    for (std::size_t at = 0; at < token.size();) {
      const Utf8Char c = utf8_at(token, at);
      const int byte = byte_level_byte(c.code);
      if (byte < 0) {  // not of this alphabet at all: an added token
        bytes.resize(before);
        bytes += token;
        break;
      }
      bytes.push_back(static_cast<char>(byte));
      at += c.size;
    }
  }
  tokens.assign(1, utf8_lossy(bytes));
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// The byte that "<0x0A>" names, or -1.
int named_byte(std::string_view token) {
  if (token.size() != 6 || !token.starts_with("<0x") || token[5] != '>') return -1;
  const int high = hex_digit(token[3]);
  const int low = hex_digit(token[4]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

void decode_byte_fallback(Tokens& tokens) {
  Tokens out;
  std::string bytes;
  const auto flush = [&] {
    if (bytes.empty()) return;
    if (find_utf8_fault(bytes)) {
      out.insert(out.end(), bytes.size(), "\xEF\xBF\xBD");
    } else {
      out.push_back(bytes);
    }
    bytes.clear();
  };
  for (std::string& token : tokens) {
    if (const int byte = named_byte(token); byte >= 0) {
      bytes.push_back(static_cast<char>(byte));
    } else {
      flush();
      out.push_back(std::move(token));
    }
  }
  flush();
  tokens = std::move(out);
}

// English as people write it, where tokens were joined with blanks.
void clean_up(std::string& text) {
  constexpr std::array<std::array<std::string_view, 2>, 11> kRules{{{" .", "."},
                                                                    {" ?", "?"},
                                                                    {" !", "!"},
                                                                    {" ,", ","},
                                                                    {" ' ", "'"},
                                                                    {" n't", "n't"},
                                                                    {" 'm", "'m"},
                                                                    {" do not", " don't"},
                                                                    {" 's", "'s"},
                                                                    {" 've", "'ve"},
                                                                    {" 're", "'re"}}};
  for (const auto& [from, to] : kRules) replace_all(text, from, to);
}

std::unique_ptr<const Decoder> make_metaspace(const JsonView& json) {
  const char32_t marker = json.at("replacement").character();
  const bool prepends =
      json.string_or("prepend_scheme", "always") != "never" && json.boolean_or("add_prefix_space", true);
  return simple([marker, prepends](Tokens& tokens) {
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      std::string out;
      for (std::size_t at = 0; at < tokens[i].size();) {
        const Utf8Char c = utf8_at(tokens[i], at);
        if (c.code != marker) {
          out.append(tokens[i], at, c.size);
        } else if (i > 0 || !prepends) {
          out.push_back(' ');
        }
        at += c.size;
      }
      tokens[i] = std::move(out);
    }
  });
}

std::unique_ptr<const Decoder> make_replace(const JsonView& json) {
  return simple(
      [pattern = read_pattern(json.at("pattern")), content = std::string(json.at("content").string())](Tokens& tokens) {
        for (std::string& token : tokens) {
          std::string out;
          std::uint32_t done = 0;
          for (const Span& match : pattern.find(token)) {
            out.append(token, done, match.begin - done).append(content);
            done = match.end;
          }
          token = out.append(token, done);
        }
      });
}

void strip(Tokens& tokens, std::string_view what, std::uint64_t start, std::uint64_t stop) {
  for (std::string& token : tokens) {
    std::string_view rest = token;
    for (std::uint64_t i = 0; i < start && rest.starts_with(what); ++i) rest.remove_prefix(what.size());
    for (std::uint64_t i = 0; i < stop && rest.ends_with(what); ++i) rest.remove_suffix(what.size());
    token = std::string(rest);
  }
}

std::unique_ptr<const Decoder> make_strip(const JsonView& json) {
  std::string content;
  append_utf8(content, json.at("content").character());
  return simple(
      [content, start = json.at("start").unsigned_integer(1U << 30),
       stop = json.at("stop").unsigned_integer(1U << 30)](Tokens& tokens) { strip(tokens, content, start, stop); });
}

std::unique_ptr<const Decoder> make_bpe(const JsonView& json) {
  return simple([suffix = std::string(json.string_or("suffix", "</w>"))](Tokens& tokens) {
    for (std::size_t i = 0; i < tokens.size(); ++i) replace_all(tokens[i], suffix, i + 1 < tokens.size() ? " " : "");
  });
}

std::unique_ptr<const Decoder> make_ctc(const JsonView& json) {
  return simple([pad = std::string(json.string_or("pad_token", "<pad>")), cleanup = json.boolean_or("cleanup", true),
                 blank = std::string(json.string_or("word_delimiter_token", "|"))](Tokens& tokens) {
    tokens.erase(std::unique(tokens.begin(), tokens.end()), tokens.end());
    for (std::string& token : tokens) {
      replace_all(token, pad, "");
      if (!cleanup) continue;
      clean_up(token);
      replace_all(token, blank, " ");
    }
  });
}

class Sequence : public Decoder {
 public:
  Sequence(const JsonView& json, int depth) {
    json.at("decoders").each_item([&](const JsonView& item) {
      if (std::unique_ptr<const Decoder> part = make_decoder(item, depth + 1)) parts_.push_back(std::move(part));
    });
  }
  void decode(Tokens& tokens) const override {
    for (const auto& part : parts_) part->decode(tokens);
  }

 private:
  std::vector<std::unique_ptr<const Decoder>> parts_;
};

}  // namespace

std::unique_ptr<const Decoder> make_byte_level_decoder() { return simple(decode_byte_level); }

std::unique_ptr<const Decoder> make_sentence_piece_decoder(bool strips_front) {
  return simple([strips_front](Tokens& tokens) {
    for (std::string& token : tokens) replace_all(token, "\xE2\x96\x81", " ");
    decode_byte_fallback(tokens);
    fuse(tokens);
    if (strips_front) strip(tokens, " ", 1, 0);
  });
}

std::unique_ptr<const Decoder> make_word_piece_decoder(std::string prefix, bool cleanup) {
  return simple([prefix = std::move(prefix), cleanup](Tokens& tokens) {
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      if (i > 0) {
        if (tokens[i].starts_with(prefix)) {
          tokens[i].erase(0, prefix.size());
        } else {
          tokens[i].insert(0, 1, ' ');
        }
      }
      if (cleanup) clean_up(tokens[i]);
    }
  });
}

std::unique_ptr<const Decoder> make_decoder(const JsonView& json, int depth) {
  if (json.is_null()) return nullptr;
  if (depth > kMaxDepth) json.fail("is nested too deeply");
  const std::string_view type = json.at("type").string();
  if (type == "Sequence") return std::make_unique<Sequence>(json, depth);
  if (type == "ByteLevel") return make_byte_level_decoder();
  if (type == "WordPiece") {
    return make_word_piece_decoder(std::string(json.string_or("prefix", "##")), json.boolean_or("cleanup", true));
  }
  if (type == "Metaspace") return make_metaspace(json);
  if (type == "BPEDecoder") return make_bpe(json);
  if (type == "Replace") return make_replace(json);
  if (type == "ByteFallback") return simple(decode_byte_fallback);
  if (type == "Fuse") return simple(fuse);
  if (type == "Strip") return make_strip(json);
  if (type == "CTC") return make_ctc(json);
  json.fail_type("decoder", type, kSupported);
}

}  // namespace motet::tokenizer
