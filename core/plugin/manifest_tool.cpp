// motet-manifest LIBRARY: prints the manifest of a plugin, made from the library itself.
#include <cstdio>
#include <string>

#include "base/error.hpp"
#include "plugin/library.hpp"
#include "plugin/manifest.hpp"

int main(int argc, char** argv) {
  if (argc != 2 || std::string(argv[1]).rfind("--", 0) == 0) {
    std::fputs("usage: motet-manifest LIBRARY\n", stderr);
    return 2;
  }
  try {
    const motet::plugin::Library library(argv[1]);
    const std::string text = motet::plugin::manifest_text(library.info());
    const bool written = std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0;
    if (!written) std::fputs("motet-manifest: stdout is not writable\n", stderr);
    return written ? 0 : 3;
  } catch (const motet::base::Error& error) {
    std::fprintf(stderr, "motet-manifest: %s\n", error.what());
    return 2;
  }
}
