// A plugin shows nothing but `motet_plugin`, so that two plugins with the same library inside do not meet.
#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <set>
#include <sstream>

#include "support/catch.hpp"

namespace fs = std::filesystem;

namespace {

std::set<std::string> exported(const fs::path& library) {
  const std::string command = "nm -D --defined-only --format=posix '" + library.string() + "'";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  REQUIRE(pipe != nullptr);
  std::string text;
  std::array<char, 4096> chunk{};
  while (const std::size_t got = fread(chunk.data(), 1, chunk.size(), pipe.get())) text.append(chunk.data(), got);
  std::set<std::string> names;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) names.insert(line.substr(0, line.find(' ')));
  return names;
}

}  // namespace

TEST_CASE("every plugin exports motet_plugin and nothing else") {
  int seen = 0;
  for (const auto& entry : fs::directory_iterator(MOTET_BINARY_DIR "/lib/motet/plugins")) {
    if (entry.path().extension() != ".so") continue;
    ++seen;
    INFO(entry.path());
    CHECK(exported(entry.path()) == std::set<std::string>{"motet_plugin"});
  }
  CHECK(seen > 0);
}

TEST_CASE("the test notices a library that exports more") {
  CHECK(exported(MOTET_BINARY_DIR "/tests/plugins/broken.so").count("motet_test_go") == 1);
}
