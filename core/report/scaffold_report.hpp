// What `motet plugin new` made.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "scaffold/scaffold.hpp"

namespace motet::report {

std::string scaffold_text(const scaffold::Order& order, const std::vector<std::filesystem::path>& files);
// {"folder", "kind", "language", "files": [...]}
std::string scaffold_json(const scaffold::Order& order, const std::vector<std::filesystem::path>& files);

}  // namespace motet::report
