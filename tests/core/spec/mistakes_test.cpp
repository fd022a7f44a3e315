// Every kind of mistake that this room finds, with the whole text that a user sees: bad/<case>.yaml beside
// bad/<case>.expected. MOTET_UPDATE_EXPECTED=1 writes the expected files anew, to be read before they are committed.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "base/codes.hpp"
#include "base/mapped_file.hpp"
#include "base/render.hpp"
#include "spec/document.hpp"
#include "spec/expand.hpp"
#include "spec/pipeline.hpp"
#include "support/catch.hpp"

using namespace motet;
namespace fs = std::filesystem;

namespace {

std::vector<fs::path> cases() {
  std::vector<fs::path> out;
  for (const auto& entry : fs::directory_iterator(MOTET_SOURCE_DIR "/tests/core/spec/bad")) {
    if (entry.path().extension() == ".yaml") out.push_back(entry.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

base::Diagnostics diagnose(const fs::path& path) {
  base::Diagnostics diagnostics;
  const auto document = spec::load_document(path, diagnostics, path.filename().string());
  if (document) {
    const spec::PipelineSpec pipeline = spec::parse_pipeline(*document, path, diagnostics);
    spec::expand(pipeline, {}, diagnostics);
  }
  diagnostics.sort();
  return diagnostics;
}

}  // namespace

TEST_CASE("each mistake has its message") {
  ::unsetenv("MOTET_TEST_UNSET");
  REQUIRE(cases().size() > 30);
  for (const fs::path& path : cases()) {
    const base::Diagnostics diagnostics = diagnose(path);
    fs::path expected = path;
    expected.replace_extension(".expected");
    const std::string text = base::render(diagnostics, false);
    if (std::getenv("MOTET_UPDATE_EXPECTED") != nullptr) std::ofstream(expected, std::ios::binary) << text;
    INFO(path.filename().string());
    CHECK_FALSE(diagnostics.empty());
    CHECK(text == base::read_file(expected));
  }
}

TEST_CASE("each code of this room is explained, and some mistake has it") {
  std::set<std::string> seen;
  for (const fs::path& path : cases()) {
    const base::Diagnostics diagnostics = diagnose(path);
    for (const base::Diagnostic& diagnostic : diagnostics.list()) {
      INFO(path.filename().string() << " " << diagnostic.code);
      const base::CodeInfo* info = base::find_code(diagnostic.code);
      REQUIRE(info != nullptr);
      CHECK(info->code == diagnostic.code);
      seen.insert(diagnostic.code);
    }
  }
  seen.insert({"M0026", "M0027"});  // of values given from outside: expand_test.cpp
  seen.insert({"M0030", "M0031"});  // of tests: test_file_test.cpp, tests/core/cli/test_test.cpp
  for (const base::CodeInfo& info : base::codes()) {
    INFO(info.code);
    if (info.code.starts_with("M00")) CHECK(seen.count(std::string(info.code)) == 1);
  }
}
