// Ids, decoded text, offsets and masks of 20,480 lines against the reference implementation, for six tokenizers.
#include "corpus.hpp"
#include "gguf_file.hpp"
#include "support/catch.hpp"
#include "support/sanitized.hpp"

namespace motet::tests {
namespace {

using tokenizer::Tokenizer;

void compare(const std::string& name, const Tokenizer& tokenizer) {
  const std::vector<std::string>& lines = corpus_lines();
  const Golden golden = read_golden(name);
  REQUIRE(lines.size() >= 20000);
  REQUIRE(golden.lines.size() == lines.size());
  std::uint64_t corpus_hash = 0xCBF29CE484222325;
  for (const std::string& line : lines) corpus_hash = fnv(std::string_view("\0", 1), fnv(line, corpus_hash));
  REQUIRE(corpus_hash == golden.corpus_hash);

  int ids = 0, decoded = 0, rest = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const GoldenLine line = golden_line(tokenizer, lines[i]);
    if (line == golden.lines[i]) continue;
    ids += line.ids != golden.lines[i].ids;
    decoded += line.decoded != golden.lines[i].decoded;
    rest += line.rest != golden.lines[i].rest;
    if (ids + decoded + rest < 12) UNSCOPED_INFO("line " << i << " differs: " << lines[i].substr(0, 300));
  }
  CHECK(ids == 0);
  CHECK(decoded == 0);
  CHECK(rest == 0);
}

// The model's file, which `./dev test` has fetched; empty only under a sanitizer, for which it fetches none.
std::filesystem::path fetched(const std::string& model, const std::string& name) {
  std::filesystem::path file = model_file(model, name);
  if (!file.empty()) return file;
  const std::string missing = "./dev model " + model + " fetches what this test needs";
  if (!test::kSanitized) FAIL(missing);
  WARN("SKIPPED: " << missing);
  return {};
}

void compare_model(const std::string& name, const std::string& model) {
  const std::filesystem::path file = fetched(model, "tokenizer.json");
  if (file.empty()) return;
  compare(name, Tokenizer::from_json(read_file(file)));
}

TEST_CASE("minilm's ids are the reference's", "[parity]") { compare_model("minilm", "minilm"); }
TEST_CASE("moonshine's ids are the reference's", "[parity]") { compare_model("moonshine", "moonshine-tiny"); }
TEST_CASE("clip's ids are the reference's", "[parity]") { compare("clip", Tokenizer::from_json(clip_json())); }
TEST_CASE("gpt-2's ids are the reference's", "[parity]") { compare("gpt2", Tokenizer::from_json(gpt2_json())); }
TEST_CASE("unigram's ids are the reference's", "[parity]") {
  compare("unigram", Tokenizer::from_json(read_file(data_folder() / "unigram-tokenizer.json")));
}

TEST_CASE("smollm2's ids, from the GGUF file, are the reference's", "[parity]") {
  const std::filesystem::path file = fetched("smollm2", ".gguf");
  if (file.empty()) return;
  compare("smollm2", Tokenizer::from_gguf(read_gguf(file).vocabulary));
}

// Moonshine's vocabulary as a GGUF file of Llama's would hold it: no merges, but scores that fall from token to token.
TEST_CASE("merges made from a GGUF file's scores are those of the tokenizer.json", "[parity]") {
  const std::filesystem::path file = fetched("moonshine-tiny", "tokenizer.json");
  if (file.empty()) return;
  const Tokenizer reference = Tokenizer::from_json(read_file(file));
  constexpr tokenizer::TokenId kTokens = 32000, kFirstMerged = 259;
  std::vector<std::string> texts;
  texts.reserve(kTokens);
  for (tokenizer::TokenId id = 0; id < kTokens; ++id) texts.push_back(*reference.id_to_token(id));
  tokenizer::GgufVocabulary gguf{.model = "llama", .tokens = {texts.begin(), texts.end()}, .bos = 1, .unknown = 0};
  for (tokenizer::TokenId id = 0; id < kTokens; ++id) {
    // Runs of blanks were given a score so low that they are merged last.
    const bool blanks = texts[id].find_first_not_of("\xE2\x96\x81") == std::string::npos && texts[id].size() > 3;
    gguf.scores.push_back(blanks ? -1e9F : id < kFirstMerged ? 0.0F : -static_cast<float>(id - kFirstMerged));
    gguf.token_types.push_back(id == 0 ? 2 : id < 3 ? 3 : 1);
  }
  const Tokenizer tokenizer = Tokenizer::from_gguf(gguf);
  int compared = 0, different = 0;
  for (const std::string& line : corpus_lines()) {
    if (line.find("<<ST_") != line.npos) continue;  // added tokens that only the tokenizer.json has
    ++compared;
    const tokenizer::Encoding encoding = tokenizer.encode(line);
    different +=
        encoding.ids != reference.encode(line).ids || tokenizer.decode(encoding.ids) != reference.decode(encoding.ids);
  }
  CHECK(compared > 19000);
  CHECK(different == 0);
}

}  // namespace
}  // namespace motet::tests
