// As much of a GGUF file as its tokenizer's metadata needs.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "tokenizer/gguf_vocabulary.hpp"

namespace motet::tests {

// The vocabulary's views point into `bytes`.
struct GgufFile {
  std::unique_ptr<std::string> bytes;
  tokenizer::GgufVocabulary vocabulary;
};

GgufFile read_gguf(const std::filesystem::path& path);

}  // namespace motet::tests
