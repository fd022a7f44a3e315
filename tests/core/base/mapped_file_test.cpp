#include "base/mapped_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "base/error.hpp"
#include "support/catch.hpp"

using namespace motet::base;
namespace fs = std::filesystem;

namespace {

fs::path scratch(const std::string& name, const std::string& content) {
  const fs::path folder = fs::path(MOTET_BINARY_DIR) / "tests" / ("base_scratch_" + std::to_string(::getpid()));
  fs::create_directories(folder);
  std::ofstream(folder / name, std::ios::binary) << content;
  return folder / name;
}

}  // namespace

TEST_CASE("a mapped file shows its bytes, and moves") {
  MappedFile file(scratch("five", "12345"));
  REQUIRE(file.bytes().size() == 5);
  CHECK(static_cast<char>(file.bytes()[4]) == '5');
  const std::byte* data = file.bytes().data();
  MappedFile moved(std::move(file));
  CHECK(moved.bytes().data() == data);
  MappedFile other(scratch("two", "ab"));
  other = std::move(moved);
  CHECK(other.bytes().data() == data);
  CHECK(MappedFile(scratch("none", "")).bytes().empty());
  CHECK(read_file(scratch("five", "12345")) == "12345");
}

TEST_CASE("what cannot be mapped says why, at once") {
  CHECK_THROWS_WITH(MappedFile("/nowhere/at/all"), "/nowhere/at/all: no such file");
  CHECK_THROWS_WITH(MappedFile("/tmp"), "/tmp: is a folder, not a file");
  CHECK_THROWS_AS(MappedFile("/dev/null"), Error);
  CHECK_THROWS_WITH(read_file(scratch("five", "12345"), 4), Catch::Contains("is larger than 4 bytes"));
  const fs::path pipe = fs::path(MOTET_BINARY_DIR) / "tests" / ("base_scratch_" + std::to_string(::getpid())) / "pipe";
  fs::remove(pipe);
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK_THROWS_WITH(MappedFile(pipe), Catch::Contains("is not a file"));  // and does not wait for a writer
}
