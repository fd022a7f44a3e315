// Ids, decoded text, offsets and masks of 20,480 lines against the reference implementation, for six tokenizers.
#include "corpus.hpp"
#include "gguf_file.hpp"
#include "support/catch.hpp"

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

void compare_model(const std::string& name, const std::string& model) {
  const std::filesystem::path file = model_file(model, "tokenizer.json");
  if (file.empty()) {
    WARN("SKIPPED: ./dev model " << model << " fetches what this test needs");
    return;
  }
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
  const std::filesystem::path file = model_file("smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf");
  if (file.empty()) {
    WARN("SKIPPED: ./dev model smollm2 fetches what this test needs");
    return;
  }
  compare("smollm2", Tokenizer::from_gguf(read_gguf(file).vocabulary));
}

}  // namespace
}  // namespace motet::tests
