// The JSON inside safetensors files and their indices, read strictly: nlohmann's parser, with duplicate keys refused.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace motet::weights {

struct HeaderTensor {
  std::string name;
  std::string dtype;
  std::vector<std::uint64_t> shape;
  std::uint64_t begin = 0;  // bytes after the header
  std::uint64_t end = 0;
};

// The tensors of a header in its order. Throws Error(user) for what is not a safetensors header.
std::vector<HeaderTensor> parse_header(const std::filesystem::path& path, std::string_view json);

// (tensor, shard) of an index's "weight_map" in its order. Throws Error(user).
std::vector<std::pair<std::string, std::string>> parse_index(const std::filesystem::path& path, std::string_view json);

}  // namespace motet::weights
