// What the tokenizers are compared on, and what the reference makes of it (tests/parity/tokenizers/).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/tokenizer.hpp"

namespace motet::tests {

inline std::filesystem::path data_folder() { return std::filesystem::path(MOTET_SOURCE_DIR) / "tests/data/tokenizers"; }
std::string read_file(const std::filesystem::path& path);

std::uint64_t fnv(std::string_view bytes, std::uint64_t state = 0xCBF29CE484222325);

// The lines of tests/parity/tokenizers/corpus.json, the same as corpus.py makes.
const std::vector<std::string>& corpus_lines();

// 8 bytes a line: hashes of the ids, of the decoded text, and of everything else in the encoding.
struct GoldenLine {
  std::uint32_t ids;
  std::uint16_t decoded;
  std::uint16_t rest;
  bool operator==(const GoldenLine&) const = default;
};
struct Golden {
  std::uint64_t corpus_hash;
  std::vector<GoldenLine> lines;
};
Golden read_golden(const std::string& name);
GoldenLine golden_line(const tokenizer::Tokenizer& tokenizer, std::string_view text);

// The file whose name ends so in the folder where `./dev model` keeps `model`; empty when it is not there.
std::filesystem::path model_file(const std::string& model, const std::string& name);

// tokenizer.json of CLIP and of GPT-2, made from their merges.
std::string clip_json();
std::string gpt2_json();

}  // namespace motet::tests
