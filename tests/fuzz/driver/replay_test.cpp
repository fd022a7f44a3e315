// Each target over what lies in its folder: the seeds, what the fuzzer found worth keeping, and what it once broke.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "fuzz/target.hpp"
#include "support/catch.hpp"

namespace motet::fuzz {

#define X(name) Target name;
#include "fuzz/target_table.inc"
#undef X

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_of(const std::string& target) {
  std::vector<fs::path> out;
  for (const fs::directory_entry& entry :
       fs::recursive_directory_iterator(fs::path(MOTET_SOURCE_DIR) / "tests/fuzz" / target)) {
    if (entry.is_regular_file() && entry.path().extension() != ".dict") out.push_back(entry.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// A seed's name says what becomes of it, so that a target cannot come to refuse everything and still pass.
void replay(const std::string& name, Target target) {
  std::size_t good = 0, bad = 0;
  for (const fs::path& file : files_of(name)) {
    INFO(file);
    const bool accepted = target(bytes_of(file));
    if (file.parent_path().filename() != "seeds") continue;
    const std::string wanted = file.filename().string();
    REQUIRE((wanted.starts_with("good") || wanted.starts_with("bad")));
    CHECK(accepted == wanted.starts_with("good"));
    ++(accepted ? good : bad);
  }
  CHECK(good > 0);
  CHECK(bad > 0);
}
}  // namespace

#define X(name) \
  TEST_CASE("replay of " #name) { replay(#name, name); }
#include "fuzz/target_table.inc"
#undef X

}  // namespace motet::fuzz
