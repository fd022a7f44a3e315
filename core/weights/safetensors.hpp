// safetensors: a u64 length, a JSON header of that length, and the tensors' bytes one after the other.
//
// Source: the format's specification. The header is {"name": {"dtype", "shape", "data_offsets": [begin, end]}, ...,
// "__metadata__": {text: text}}; offsets count from the end of the header and leave no byte out.
#pragma once

#include <filesystem>

#include "weights/file.hpp"

namespace motet::weights {

// One file. Throws Error(user).
Contents read_safetensors(const std::filesystem::path& path);

// The shards that an index (model.safetensors.index.json) names, as one. Throws Error(user).
Contents read_safetensors_index(const std::filesystem::path& index);

}  // namespace motet::weights
