// Walks the front of a GGUF file; every read is checked against the file's end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "weights/gguf.hpp"

namespace motet::weights {

// Bytes of one element, 0 for strings and lists.
std::size_t element_size(MetadataType type);

// A position in the file, and what is being read there, for messages. All functions throw Error(user).
class GgufReader {
 public:
  GgufReader(const std::filesystem::path& path, std::span<const std::byte> bytes) : path_(path), bytes_(bytes) {}

  std::uint32_t u32(const char* what);
  std::uint64_t u64(const char* what);
  std::string_view string(const char* what);
  std::span<const std::byte> take(std::uint64_t size_bytes, const char* what);
  std::uint64_t position() const { return position_; }
  std::uint64_t left() const { return bytes_.size() - position_; }

  struct Counts {
    std::uint64_t tensors;
    std::uint64_t entries;
  };
  Counts header();
  std::vector<MetadataEntry> entries(std::uint64_t count);

 private:
  MetadataType type();
  std::span<const std::byte> value(MetadataType element, std::uint64_t count, std::string_view key);

  const std::filesystem::path& path_;
  std::span<const std::byte> bytes_;
  std::uint64_t position_ = 0;
};

}  // namespace motet::weights
