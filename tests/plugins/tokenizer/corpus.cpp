#include "corpus.hpp"

#include <simdjson.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>

namespace motet::tests {
namespace {

// splitmix64
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t below(std::uint64_t limit) {
    state_ += 0x9E3779B97F4A7C15;
    std::uint64_t z = state_;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return (z ^ z >> 31) % limit;
  }

 private:
  std::uint64_t state_;
};

struct Range {
  std::uint64_t first, last;
};
using Alphabet = std::vector<Range>;

class Corpus {
 public:
  explicit Corpus(simdjson::dom::element recipe) : random_(recipe["seed"].get_uint64()) {
    for (const auto alphabet : recipe["alphabets"].get_array()) {
      Alphabet& ranges = alphabets_.emplace_back();
      for (const auto range : alphabet["ranges"].get_array()) {
        ranges.push_back({range.at(0).get_uint64(), range.at(1).get_uint64()});
      }
    }
    for (const auto text : recipe["fragments"].get_array()) fragments_.emplace_back(std::string_view(text));
    for (const auto text : recipe["texts"].get_array()) texts_.emplace_back(std::string_view(text));
    const std::uint64_t count = recipe["lines"].get_uint64();
    for (std::uint64_t i = 0; i < count; ++i) lines.push_back(line(i));
  }

  std::vector<std::string> lines;

 private:
  const Alphabet& alphabet() { return alphabets_[random_.below(alphabets_.size())]; }
  const std::string& fragment() { return fragments_[random_.below(fragments_.size())]; }

  void add_character(std::string& out, const Alphabet& from) {
    const Range& range = from[random_.below(from.size())];
    tokenizer::append_utf8(out, static_cast<char32_t>(range.first + random_.below(range.last - range.first + 1)));
  }

  std::string word(const Alphabet& from, std::uint64_t length) {
    std::string out;
    for (std::uint64_t i = 0; i < length; ++i) add_character(out, from);
    return out;
  }

  std::string words(bool mixed) {
    const Alphabet& one = alphabet();
    std::string out;
    const std::uint64_t count = 1 + random_.below(9);
    for (std::uint64_t i = 0; i < count; ++i) {
      if (i > 0) out += ' ';
      const Alphabet& from = mixed ? alphabet() : one;
      out += word(from, 1 + random_.below(9));
    }
    return out;
  }

  std::string mutated() {
    const std::string& source = texts_[random_.below(texts_.size())];
    std::vector<std::string> text;
    for (std::size_t at = 0; at < source.size(); at += text.back().size()) {
      text.push_back(source.substr(at, tokenizer::utf8_lead_size(source[at])));
    }
    const std::uint64_t count = 1 + random_.below(6);
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::size_t at = random_.below(text.size());
      const std::uint64_t what = random_.below(4);
      if (what == 0) {
        std::string character;
        add_character(character, alphabet());
        text.insert(text.begin() + at, character);
      } else if (what == 1) {
        text[at] = fragment();
      } else if (what == 2) {
        shout(text[at]);
      } else {
        text.resize(at + 1);
      }
    }
    std::string out;
    for (const std::string& part : text) out += part;
    return out;
  }

  static void shout(std::string& text) {
    for (const char c : text) {
      if (static_cast<unsigned char>(c) >= 0x80) {
        text += std::string(text);
        return;
      }
    }
    for (char& c : text) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 0x20 : c);
  }

  std::string fragments_line() {
    std::string out;
    const std::uint64_t count = 1 + random_.below(7);
    for (std::uint64_t i = 0; i < count; ++i) {
      out += fragment();
      if (random_.below(2)) out += ' ';
    }
    return out;
  }

  std::string line(std::uint64_t index) {
    if (index % 256 == 7) {
      const Alphabet& from = alphabet();
      return word(from, 200 + random_.below(2800));
    }
    switch (index % 6) {
      case 0:
        return words(false);
      case 1:
        return words(true);
      case 2:
        return mutated();
      case 3:
        return fragments_line();
      case 4: {
        const Alphabet& from = alphabet();
        return word(from, 1 + random_.below(30));
      }
      default:
        break;
    }
    std::string out = fragments_line();
    out += words(true);
    return out += mutated();
  }

  Random random_;
  std::vector<Alphabet> alphabets_;
  std::vector<std::string> fragments_, texts_;
};

std::string words_of(const std::vector<std::uint32_t>& numbers) {
  std::string bytes(numbers.size() * 4, '\0');
  std::memcpy(bytes.data(), numbers.data(), bytes.size());
  return bytes;
}

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out += '"';
}

struct Vocabulary {
  std::string tokens = "{";
  int count = 0;
  void add(const std::string& token) {
    tokens += (count > 0 ? "," : "") + json_string(token) + ":" + std::to_string(count);
    ++count;
  }
};

std::vector<std::string> byte_alphabet() {
  std::vector<std::string> printable, others;
  for (int byte = 0; byte < 256; ++byte) {
    const char32_t code = tokenizer::byte_level_character(static_cast<unsigned char>(byte));
    std::string text;
    tokenizer::append_utf8(text, code);
    (code < 0x100 ? printable : others).push_back(text);
  }
  printable.insert(printable.end(), others.begin(), others.end());
  return printable;
}

// The list of merges as JSON; each merge's token goes to the vocabulary.
std::string read_merges(const std::string& name, Vocabulary& vocabulary) {
  std::istringstream in(read_file(data_folder() / name));
  std::string merges = "[", line;
  while (std::getline(in, line)) {
    if (line.empty() || line.starts_with("#version")) continue;
    merges += (merges.size() > 1 ? "," : "") + json_string(line);
    line.erase(line.find(' '), 1);
    vocabulary.add(line);
  }
  return merges + "]";
}

}  // namespace

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

std::uint64_t fnv(std::string_view bytes, std::uint64_t state) {
  for (const char c : bytes) state = (state ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  return state;
}

const std::vector<std::string>& corpus_lines() {
  static const std::vector<std::string> lines = [] {
    simdjson::dom::parser parser;
    const std::string recipe =
        read_file(std::filesystem::path(MOTET_SOURCE_DIR) / "tests/parity/tokenizers/corpus.json");
    return Corpus(parser.parse(recipe)).lines;
  }();
  return lines;
}

Golden read_golden(const std::string& name) {
  const std::string bytes = read_file(data_folder() / (name + ".golden"));
  Golden golden{};
  std::memcpy(&golden.corpus_hash, bytes.data(), 8);
  golden.lines.resize((bytes.size() - 8) / 8);
  std::memcpy(golden.lines.data(), bytes.data() + 8, golden.lines.size() * 8);
  return golden;
}

GoldenLine golden_line(const tokenizer::Tokenizer& tokenizer, std::string_view text) {
  const tokenizer::Encoding encoding = tokenizer.encode(text);
  std::vector<std::uint32_t> rest;
  for (const tokenizer::CharacterRange& range : encoding.offsets) rest.insert(rest.end(), {range.begin, range.end});
  for (const auto* list : {&encoding.type_ids, &encoding.attention_mask, &encoding.special_mask}) {
    rest.insert(rest.end(), list->begin(), list->end());
  }
  return {static_cast<std::uint32_t>(fnv(words_of(encoding.ids))),
          static_cast<std::uint16_t>(fnv(tokenizer.decode(encoding.ids))),
          static_cast<std::uint16_t>(fnv(words_of(rest)))};
}

std::filesystem::path model_file(const std::string& model, const std::string& name) {
  const char* home = std::getenv("HOME");
  const char* models = std::getenv("MOTET_MODELS");
  const std::filesystem::path folder = models != nullptr
                                           ? std::filesystem::path(models)
                                           : std::filesystem::path(home ? home : "") / ".cache/motet/models";
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder / model, error)) {
    if (entry.path().filename().string().ends_with(name)) return entry.path();
  }
  return {};
}

std::string clip_json() {
  Vocabulary vocabulary;
  for (const char* end : {"", "</w>"}) {
    for (const std::string& token : byte_alphabet()) vocabulary.add(token + end);
  }
  const std::string merges = read_merges("clip-merges.txt", vocabulary);
  vocabulary.add("<|startoftext|>");
  vocabulary.add("<|endoftext|>");
  return R"({"version":"1.0","truncation":null,"padding":null,"added_tokens":[
    {"id":49406,"content":"<|startoftext|>","single_word":false,"lstrip":false,"rstrip":false,"normalized":true,"special":true},
    {"id":49407,"content":"<|endoftext|>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true}],
    "normalizer":{"type":"Sequence","normalizers":[{"type":"NFC"},
      {"type":"Replace","pattern":{"Regex":"\\s+"},"content":" "},{"type":"Lowercase"}]},
    "pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":
      "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+"},
      "behavior":"Removed","invert":true},{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true}]},
    "post_processor":{"type":"RobertaProcessing","sep":["<|endoftext|>",49407],"cls":["<|startoftext|>",49406],
      "trim_offsets":false,"add_prefix_space":false},
    "decoder":{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true},
    "model":{"type":"BPE","dropout":null,"unk_token":"<|endoftext|>","continuing_subword_prefix":"","end_of_word_suffix":"</w>",
      "fuse_unk":false,"byte_fallback":false,"ignore_merges":false,"vocab":)" +
         vocabulary.tokens + "},\"merges\":" + merges + "}}";
}

std::string gpt2_json() {
  Vocabulary vocabulary;
  for (const std::string& token : byte_alphabet()) vocabulary.add(token);
  const std::string merges = read_merges("gpt2-merges.txt", vocabulary);
  return R"({"version":"1.0","added_tokens":[{"id":50256,"content":"<|endoftext|>","special":true}],
    "pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true},
    "post_processor":{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true},
    "decoder":{"type":"ByteLevel"},"model":{"type":"BPE","vocab":)" +
         vocabulary.tokens + "},\"merges\":" + merges + "}}";
}

}  // namespace motet::tests
