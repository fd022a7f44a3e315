// The tokenizer inside a GGUF file, as whoever reads the file hands it over.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/vocabulary.hpp"

namespace motet::tokenizer {

// Views must stay good during Tokenizer::from_gguf(); nothing is kept. Each member is named after its metadata key.
struct GgufVocabulary {
  std::string model{};                      // tokenizer.ggml.model: gpt2, llama
  std::string pre{};                        // tokenizer.ggml.pre: how gpt2 vocabularies cut words
  std::vector<std::string_view> tokens{};   // tokenizer.ggml.tokens, by id
  std::vector<float> scores{};              // tokenizer.ggml.scores, empty or one a token
  std::vector<std::int32_t> token_types{};  // tokenizer.ggml.token_type, empty or one a token
  std::vector<std::string_view> merges{};   // tokenizer.ggml.merges, "left right"
  std::optional<std::uint32_t> bos{};       // tokenizer.ggml.bos_token_id; likewise the next two
  std::optional<std::uint32_t> eos{};
  std::optional<std::uint32_t> unknown{};
  std::optional<bool> add_bos{};           // tokenizer.ggml.add_bos_token
  std::optional<bool> add_eos{};           // tokenizer.ggml.add_eos_token
  std::optional<bool> add_space_prefix{};  // tokenizer.ggml.add_space_prefix
};

}  // namespace motet::tokenizer
