// What lies in a folder.
//
// Not std::filesystem::directory_iterator: libstdc++'s ends the program where there is no memory for an entry.
#pragma once

#include <filesystem>
#include <vector>

namespace motet::base {

// In no order. Throws std::filesystem::filesystem_error where the folder cannot be listed.
std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder);

}  // namespace motet::base
