#include "spec/written_input.hpp"

#include "spec/document.hpp"
#include "support/catch.hpp"

using namespace motet;

namespace {

std::string written(const std::string& yaml, bool text) {
  base::Diagnostics diagnostics;
  const auto file = spec::check_source("test.yaml", "x: " + yaml + "\n", diagnostics);
  const auto document = spec::parse_document(file, diagnostics);
  REQUIRE(diagnostics.empty());
  return spec::written_input(*document->find("x"), text, "/folder");
}

}  // namespace

TEST_CASE("written_input: a text is itself, a file behind @ lies beside") {
  CHECK(written("Hello", true) == "Hello");
  CHECK(written("12", true) == "12");
  CHECK(written("\"@words.txt\"", true) == "@/folder/words.txt");
  CHECK(written("\"@/else/words.txt\"", true) == "@/else/words.txt");
  CHECK(written("\"@@words\"", true) == "@@words");
  CHECK(written("[a, 1, \"b\\\"\\\\\\n\"]", true) == R"(["a", "1", "b\"\\\u000a"])");
}

TEST_CASE("written_input: what is no text is a path or JSON") {
  CHECK(written("a.wav", false) == "/folder/a.wav");
  CHECK(written("\"@list.txt\"", false) == "@/folder/list.txt");
  CHECK(written("[a.wav, /b.wav]", false) == R"(["/folder/a.wav", "/b.wav"])");
  CHECK(written("[1, -.5, +3., 2.5e-1, 0x10, true]", false) == "[1, -0.5, 3.0, 2.5e-1, 16, true]");
  CHECK(written("[[1, 2], []]", false) == "[[1, 2], []]");
  CHECK(written("{a: [1]}", false) == R"({"a": [1]})");
}
