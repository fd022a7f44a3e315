// Files that the command line names.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace motet::cli {

// The files that a folder (its own, sorted, hidden ones left out) or a pattern with * ? [ stands for; nothing where
// `path` is neither. Throws base::Error(user) where there are none.
std::optional<std::vector<std::string>> several_files(const std::string& path);

// Throws base::Error(user), naming `what`, where there is no such file or it cannot be read.
void require_file(const std::string& path, const std::string& what);

// All of stdin. Throws base::Error(cancelled) on Ctrl-C.
std::string read_standard_input();

}  // namespace motet::cli
