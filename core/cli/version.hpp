#pragma once

#include <string>

namespace motet::cli {

// "motet 0.1.0 (plugin contract 1.0)\n"
std::string version_text();

}  // namespace motet::cli
