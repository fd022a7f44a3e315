// What is malformed is refused with one line that names the place, and nothing crashes or hangs.
#include <chrono>
#include <random>

#include "corpus.hpp"
#include "support/catch.hpp"

namespace motet::tests {
namespace {

using tokenizer::BrokenUtf8;
using tokenizer::EncodeOptions;
using tokenizer::GgufVocabulary;
using tokenizer::Tokenizer;
using tokenizer::TokenizerError;

std::string refusal(std::string_view json) {
  try {
    Tokenizer::from_json(json);
  } catch (const TokenizerError& error) {
    CHECK(error.kind() == TokenizerError::Kind::description);
    return error.what();
  }
  return "accepted";
}

// A tokenizer.json with one part replaced.
std::string with(const std::string& part, const std::string& value) {
  std::string out = "{";
  for (const std::string key :
       {"added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder", "truncation", "padding"}) {
    out += "\"" + key + "\":" + (key == part ? value : key == "added_tokens" ? "[]" : "null") + ",";
  }
  return out + "\"model\":" + (part == "model" ? value : R"({"type":"WordLevel","unk_token":"a","vocab":{"a":0}})") +
         "}";
}

TEST_CASE("a malformed tokenizer.json is refused with its place", "[refusal]") {
  struct Case {
    std::string part, value, message;
  };
  const std::vector<Case> cases = {
      {"model", "null", "$.model: wanted an object, found null"},
      {"model", "{}", "$.model: lacks 'vocab'"},
      {"model", R"({"type":"Oracle"})",
       "$.model: model type 'Oracle' is not supported; supported: BPE, WordPiece, WordLevel, Unigram"},
      {"model", R"({"type":"BPE","vocab":{"a":0}})", "$.model: lacks 'merges'"},
      {"model", R"({"type":"BPE","vocab":{"a":-1},"merges":[]})",
       "$.model.vocab['a']: wanted a whole number from 0 to 16777215"},
      {"model", R"({"type":"BPE","vocab":{"a":99999999999},"merges":[]})",
       "$.model.vocab['a']: wanted a whole number from 0 to 16777215"},
      {"model", R"({"type":"BPE","vocab":{"a":1.5},"merges":[]})",
       "$.model.vocab['a']: wanted a whole number from 0 to 16777215"},
      {"model", R"({"type":"BPE","vocab":{"a":0,"b":1},"merges":["a b"]})",
       "$.model.merges[0]: names the token 'ab', which is not in the vocabulary"},
      {"model", R"({"type":"BPE","vocab":{"a":0,"aa":1},"merges":["a a",["a","z"]]})",
       "$.model.merges[1]: names the token 'z', which is not in the vocabulary"},
      {"model", R"({"type":"BPE","vocab":{"a":0},"merges":["aa"]})",
       "$.model.merges[0]: wanted two tokens, as \"left right\" or [\"left\", \"right\"]"},
      {"model", R"({"type":"BPE","vocab":{"a":0},"merges":[["a"]]})",
       "$.model.merges[0]: wanted two tokens, as \"left right\" or [\"left\", \"right\"]"},
      {"model", R"({"type":"BPE","vocab":{"a":0},"merges":[7]})",
       "$.model.merges[0]: wanted two tokens, as \"left right\" or [\"left\", \"right\"]"},
      {"model", R"({"type":"BPE","vocab":{"a":0},"merges":[],"dropout":0.1})",
       "$.model.dropout: makes tokens random, which is for training; set it to null"},
      {"model", R"({"type":"BPE","vocab":[],"merges":[]})", "$.model.vocab: wanted an object, found a list"},
      {"model", R"({"type":"Unigram","vocab":[["a"]]})", "$.model.vocab[0]: wanted [\"token\", score]"},
      {"model", R"({"type":"Unigram","unk_id":1,"vocab":[["a",0]]})", "$.model.unk_id: is out of range, wanted 0 to 0"},
      {"model", R"({"type":"Unigram","unk_id":0,"vocab":[]})", "$.model.unk_id: is given, but the vocabulary is empty"},
      {"model", R"({"type":"WordPiece","vocab":{},"max_input_chars_per_word":-3})",
       "$.model.max_input_chars_per_word: is out of range, wanted 0 to 1073741824"},
      {"added_tokens", "{}", "$.added_tokens: wanted a list, found an object"},
      {"added_tokens", R"([{"id":0}])", "$.added_tokens[0]: lacks 'content'"},
      {"added_tokens", R"([{"id":"0","content":"x"}])", "$.added_tokens[0].id: wanted a whole number, found a string"},
      {"added_tokens", R"([{"id":99999999,"content":"x"}])",
       "$.added_tokens[0].id: is out of range, wanted 0 to 16777215"},
      {"normalizer", R"({"type":"Magic"})",
       "$.normalizer: normalizer type 'Magic' is not supported; supported: Sequence, BertNormalizer, NFC, NFD, NFKC, "
       "NFKD, Lowercase, StripAccents, Strip, Prepend, Replace, Precompiled, Nmt, ByteLevel"},
      {"normalizer", R"({"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"Prepend"}]})",
       "$.normalizer.normalizers[1]: lacks 'prepend'"},
      {"normalizer", R"({"type":"Replace","pattern":{"Regex":"(a"},"content":""})",
       "$.normalizer.pattern.Regex: cannot read the regular expression '(a': U_REGEX_MISMATCHED_PAREN at character 2"},
      {"normalizer", R"({"type":"Replace","pattern":{},"content":""})",
       "$.normalizer.pattern: wanted a 'String' or a 'Regex'"},
      {"normalizer", R"({"type":"Precompiled","precompiled_charsmap":"AAA"})",
       "$.normalizer.precompiled_charsmap: is not base64: its length is not a multiple of four"},
      {"normalizer", R"({"type":"Precompiled","precompiled_charsmap":"A?AA"})",
       "$.normalizer.precompiled_charsmap: is not base64"},
      {"normalizer", R"({"type":"Precompiled","precompiled_charsmap":"AAAA"})",
       "$.normalizer.precompiled_charsmap: is too short for a character map"},
      {"normalizer", R"({"type":"Precompiled","precompiled_charsmap":"/wAAAAAA"})",
       "$.normalizer.precompiled_charsmap: gives a trie size that does not fit"},
      {"normalizer", R"({"type":"BertNormalizer","lowercase":"yes"})",
       "$.normalizer.lowercase: wanted true or false, found a string"},
      {"pre_tokenizer", R"({"type":"UnicodeScripts"})",
       "$.pre_tokenizer: pre-tokenizer type 'UnicodeScripts' is not supported; supported: Sequence, BertPreTokenizer, "
       "ByteLevel, Metaspace, Whitespace, WhitespaceSplit, Split, Digits, Punctuation, CharDelimiterSplit, "
       "FixedLength"},
      {"pre_tokenizer", R"({"type":"Metaspace","replacement":"__"})",
       "$.pre_tokenizer.replacement: wanted a string of one character"},
      {"pre_tokenizer", R"({"type":"Metaspace","replacement":"_","prepend_scheme":"maybe"})",
       "$.pre_tokenizer.prepend_scheme: prepend scheme type 'maybe' is not supported; supported: always, first, never"},
      {"pre_tokenizer", R"({"type":"Split","pattern":{"String":"a"},"behavior":"Torn"})",
       "$.pre_tokenizer.behavior: split behavior type 'Torn' is not supported; supported: Removed, Isolated, "
       "MergedWithPrevious, MergedWithNext, Contiguous"},
      {"pre_tokenizer", R"({"type":"FixedLength","length":0})", "$.pre_tokenizer.length: must be at least 1"},
      {"post_processor",
       R"({"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"[X]","type_id":0}}],"pair":[],"special_tokens":{}})",
       "$.post_processor.single[0].SpecialToken.id: '[X]' is not among special_tokens"},
      {"post_processor", R"({"type":"TemplateProcessing","single":[{"Sequence":{"id":"B"}}],"pair":[]})",
       "$.post_processor.single[0].Sequence.id: there is no second text here"},
      {"post_processor", R"({"type":"BertProcessing","sep":["a"],"cls":["b",1]})",
       "$.post_processor.sep: wanted [\"token\", id]"},
      {"post_processor", R"({"type":"Envelope"})",
       "$.post_processor: post-processor type 'Envelope' is not supported; supported: TemplateProcessing, "
       "BertProcessing, RobertaProcessing, ByteLevel, Sequence"},
      {"decoder", R"({"type":"Strip","content":"ab","start":1,"stop":0})",
       "$.decoder.content: wanted a string of one character"},
      {"decoder", R"({"type":"Rot13"})",
       "$.decoder: decoder type 'Rot13' is not supported; supported: Sequence, ByteLevel, WordPiece, Metaspace, "
       "BPEDecoder, Replace, ByteFallback, Fuse, Strip, CTC"},
      {"truncation", R"({"max_length":-1})",
       "$.truncation.max_length: is out of range, wanted 0 to 9223372036854775807"},
      {"truncation", R"({"max_length":8,"strategy":"Random"})",
       "$.truncation.strategy: truncation strategy type 'Random' is not supported; supported: LongestFirst, OnlyFirst, "
       "OnlySecond"},
      {"padding", R"({"strategy":{"Fixed":99999999999}})",
       "$.padding.strategy.Fixed: is out of range, wanted 0 to 16777216"},
      {"padding", R"({"strategy":"Long"})",
       "$.padding.strategy: padding strategy type 'Long' is not supported; supported: BatchLongest, Fixed"},
  };
  for (const Case& one : cases) {
    INFO(one.part << ": " << one.value);
    CHECK(refusal(with(one.part, one.value)) == one.message);
  }
  CHECK(refusal("").starts_with("is not a tokenizer.json: "));
  CHECK(refusal("[]") == "$: wanted an object, found a list");
  CHECK(refusal("{}") == "$: lacks 'model'");
  CHECK(refusal("{\"model\": \"\xFF\"}").starts_with("is not a tokenizer.json: "));
  CHECK(refusal(R"({"version":"2.0","model":null})") == "$.version: is '2.0'; only 1.0 is known");
}

TEST_CASE("components nested without end are refused", "[refusal]") {
  std::string deep = R"({"type":"NFC"})";
  for (int i = 0; i < 200; ++i) {
    deep.insert(0, R"({"type":"Sequence","normalizers":[)");
    deep += "]}";
  }
  CHECK(refusal(with("normalizer", deep)).ends_with(": is nested too deeply"));
}

TEST_CASE("broken UTF-8 is refused with the place of its first byte", "[refusal]") {
  const Tokenizer tokenizer = Tokenizer::from_json(with("", ""));
  const std::pair<std::string, std::size_t> cases[] = {
      {"\x80", 0},
      {"ab\xFF", 2},
      {"caf\xC3", 3},
      {"\xC0\x80", 0},
      {"a\xE2\x82", 1},
      {"\xED\xA0\x80", 0},
      {"x\xF4\x90\x80\x80", 1},
      {"\xF0\x9F\x98", 0},
      {"\xE0\x80\x80", 0},
      {"\xE2\x82\xAC\xE2\x28", 3},
  };
  for (const auto& [text, offset] : cases) {
    try {
      tokenizer.encode(text);
      FAIL("accepted");
    } catch (const BrokenUtf8& error) {
      CHECK(error.byte_offset() == offset);
      CHECK(std::string(error.what()) == "the text is not valid UTF-8 at byte " + std::to_string(offset));
    }
  }
}

TEST_CASE("text that cannot be encoded is refused, not guessed at", "[refusal]") {
  const auto refused = [](const std::string& json, std::string_view text,
                          const EncodeOptions& options = {}) -> std::string {
    try {
      Tokenizer::from_json(json).encode(text, options);
    } catch (const TokenizerError& error) {
      return error.kind() == TokenizerError::Kind::text ? error.what() : "a description error";
    }
    return "accepted";
  };
  CHECK(refused(with("model", R"({"type":"WordPiece","vocab":{"a":0}})"), "b") ==
        "'b' is not in the vocabulary, nor is the unknown token '[UNK]'");
  CHECK(refused(with("model", R"({"type":"BPE","unk_token":"?","vocab":{"a":0},"merges":[]})"), "b") ==
        "'b' is not in the vocabulary, nor is the unknown token '?'");
  CHECK(refused(with("model", R"({"type":"Unigram","vocab":[["a",0]]})"), "ab") ==
        "'b' is not in the vocabulary, which has no unknown token");
  const std::string bert = with("post_processor", R"({"type":"BertProcessing","sep":["a",0],"cls":["a",0]})");
  CHECK(refused(bert, "a", {.max_length = 1}) == "truncation to 1 tokens leaves no room for the 2 special tokens");
  // An expression that backtracks exponentially gives up instead of hanging.
  const std::string slow =
      with("pre_tokenizer", R"({"type":"Split","pattern":{"Regex":"(x+x+)+y"},"behavior":"Isolated"})");
  CHECK(refused(slow, std::string(60, 'x')).find("gives up on this text: U_REGEX_TIME_OUT") != std::string::npos);
}

TEST_CASE("a tokenizer.json cut off or with wrong bytes never crashes", "[refusal]") {
  const std::string whole = read_file(data_folder() / "unigram-tokenizer.json");
  for (std::size_t size = 0; size < whole.size(); size += 9973)
    CHECK(refusal(std::string_view(whole).substr(0, size)).starts_with("is not a tokenizer.json: "));
  // Wrong bytes, in the character map too; what still loads must still encode or refuse.
  std::mt19937 random(7);
  int loaded = 0;
  for (int round = 0; round < 60; ++round) {
    std::string broken = whole;
    for (int i = 0; i < 1 + round % 9; ++i)
      broken[random() % broken.size()] = static_cast<char>("A/z0\"\\{1"[random() % 8]);
    try {
      const Tokenizer tokenizer = Tokenizer::from_json(broken);
      ++loaded;
      for (std::size_t i = round; i < corpus_lines().size(); i += 1009)
        tokenizer.decode(tokenizer.encode(corpus_lines()[i]).ids);
    } catch (const TokenizerError&) {
    }
  }
  CHECK(loaded > 5);
}

TEST_CASE("a malformed GGUF vocabulary is refused with its key", "[refusal]") {
  const auto refused = [](const GgufVocabulary& vocabulary) -> std::string {
    try {
      Tokenizer::from_gguf(vocabulary);
    } catch (const TokenizerError& error) {
      return error.what();
    }
    return "accepted";
  };
  GgufVocabulary good{.model = "gpt2",
                      .pre = "gpt-2",
                      .tokens = {"a", "b", "ab"},
                      .scores = {},
                      .token_types = {1, 1, 1},
                      .merges = {"a b"}};
  CHECK(refused(good) == "accepted");
  const auto change = [&](auto edit) {
    GgufVocabulary bad = good;
    edit(bad);
    return refused(bad);
  };
  CHECK(change([](auto& v) { v.tokens.clear(); }) == "tokenizer.ggml.tokens: is empty or missing");
  CHECK(change([](auto& v) { v.model = "rwkv"; }) ==
        "tokenizer.ggml.model: 'rwkv' is not supported; supported: gpt2, llama");
  CHECK(change([](auto& v) { v.pre = "odd"; }) ==
        "tokenizer.ggml.pre: 'odd' is not supported; supported: gpt-2, smollm, llama-bpe, qwen2");
  CHECK(change([](auto& v) { v.token_types.pop_back(); }) == "tokenizer.ggml.token_type: has 2 entries for 3 tokens");
  CHECK(change([](auto& v) { v.merges = {"ab"}; }) == "tokenizer.ggml.merges[0]: wanted \"left right\"");
  CHECK(change([](auto& v) { v.merges = {"b a"}; }) ==
        "tokenizer.ggml.merges[0]: names the token 'ba', which is not in the vocabulary");
  CHECK(change([](auto& v) { v.bos = 3; }) == "tokenizer.ggml.bos_token_id: is 3, but there are only 3 tokens");
  CHECK(change([](auto& v) { v.tokens[1] = "\xC3"; }) == "tokenizer.ggml.tokens[1]: is not valid UTF-8 at byte 0");
  CHECK(change([](auto& v) { v.model = "llama"; }) == "tokenizer.ggml.scores: is empty or missing");
}

TEST_CASE("what is said of a long word ends with a whole character", "[refusal]") {
  const Tokenizer tokenizer =
      Tokenizer::from_json(with("model", R"({"type":"WordLevel","unk_token":"none","vocab":{"a":0}})"));
  std::string word = "x";
  for (int i = 0; i < 60; ++i) word += "\xC3\xA9";
  CHECK_THROWS_WITH(tokenizer.encode(word),
                    "'" + word.substr(0, 79) + "' is not in the vocabulary, nor is the unknown token 'none'");
}

TEST_CASE("the time for one very long word grows with its length, not its square", "[refusal]") {
  const std::string unigram = read_file(data_folder() / "unigram-tokenizer.json");
  for (const std::string& json : {gpt2_json(), clip_json(), unigram}) {
    const Tokenizer tokenizer = Tokenizer::from_json(json);
    const auto seconds = [&](std::size_t size) {
      std::string word(size, 'a');
      for (std::size_t i = 0; i < size; ++i) word[i] = static_cast<char>('a' + (i * 7919 + i / 13) % 26);
      const auto begin = std::chrono::steady_clock::now();
      CHECK(tokenizer.encode(word, {.truncate = false, .pad = false}).size() > size / 8);
      return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    };
    seconds(20'000);  // warm
    const double little = seconds(20'000);
    // Sixteen times the length; a square would be 256 times the time.
    CHECK(seconds(320'000) < 80 * little + 0.05);
  }
}

}  // namespace
}  // namespace motet::tests
