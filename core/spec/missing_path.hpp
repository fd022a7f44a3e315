// What to write where a path leads nowhere.
#pragma once

#include <filesystem>
#include <string>

namespace motet::spec {

// "did you mean 'little.safetensors'?" where the folder has a name that is near; else what is missing of the way, and
// where paths begin. `path` must not exist.
std::string missing_path_help(const std::filesystem::path& path);

}  // namespace motet::spec
