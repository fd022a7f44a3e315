#include "cli/version.hpp"

#include <motet/abi.h>

namespace motet::cli {

std::string version_text() {
  return "motet " MOTET_PROJECT_VERSION " (plugin contract " + std::to_string(MOTET_ABI_MAJOR) + "." +
         std::to_string(MOTET_ABI_MINOR) + ")\n";
}

}  // namespace motet::cli
