// motet check: nothing to stdout but data; the messages themselves are tests/bad_yaml.
#include <nlohmann/json.hpp>

#include "core/cli/motet.hpp"

using namespace motet::test;
using nlohmann::json;

TEST_CASE("check: a path that cannot be looked at is a mistake with a place") {
  TemporaryFolder folder;
  std::filesystem::create_symlink("round", folder.path() / "round");
  const std::string pipeline = folder
                                   .write("p.yaml", R"(motet: 1
inputs: {text: text}
stages: {words: {use: tokenizer, with: {file: round}, in: inputs.text}}
outputs: {ids: words.ids}
)")
                                   .string();
  const Said said = motet_alone({"check", pipeline});
  INFO(said.err);
  CHECK(said.status == 2);
  CHECK(said.err.find("p.yaml:3:47: error[M0125]: 'file' names ") != std::string::npos);
  CHECK(said.err.find("/round, which cannot be reached: Too many levels of symbolic links\n") != std::string::npos);
}

TEST_CASE("check: a pipeline without mistakes") {
  const TemporaryFolder folder;
  const Said said = motet_little({"check", counting(folder)});
  CHECK(said.out.empty());
  CHECK(said.status == 0);
  CHECK_FALSE(said.err.empty());
  const json data = json::parse(well(motet_little({"check", counting(folder), "--json"})));
  CHECK(data["pipeline"] == "counting");
}

TEST_CASE("check: as data a mistake has its place, its code and what to do") {
  const TemporaryFolder folder;
  const std::string file =
      folder
          .write("wrong.yaml",
                 "motet: 1\ninputs: {x: text}\nstages:\n  s: {use: tokenzer, in: inputs.x}\noutputs: {y: s}\n")
          .string();
  const Said said = motet_alone({"check", file, "--json"});
  CHECK(said.err.empty());
  CHECK(said.status == 2);
  const json errors = json::parse(said.out)["errors"];
  REQUIRE(errors.size() == 1);
  CHECK(errors[0]["code"] == "M0110");
  CHECK(errors[0]["file"] == file);
  CHECK(errors[0]["line"] == 4);
  CHECK(errors[0]["column"] == 12);
  CHECK(errors[0]["help"] == "did you mean 'tokenizer'?");
}

TEST_CASE("check: ten thousand mistakes are counted, and the first ones shown") {
  const TemporaryFolder folder;
  std::string text = "motet: 1\ninputs: {x: text}\nstages: {s: {use: tokenizer, with: {file: " MOTET_SOURCE_DIR
                     "/tests/bad_yaml/files/little-tokenizer.json}, in: inputs.x}}\noutputs: {y: s}\n";
  for (int i = 0; i < 10000; ++i) text += "key_" + std::to_string(i) + ": 1\n";
  const std::string file = folder.write("many.yaml", text).string();
  const Said said = motet_alone({"check", file});
  CHECK(said.status == 2);
  CHECK(said.err.find("a pipeline has no key 'key_49'") != said.err.npos);
  CHECK(said.err.find("key_50'") == said.err.npos);
  const std::size_t more = said.err.find("\nand ");
  REQUIRE(more != said.err.npos);
  CHECK(said.err.substr(more) == "\nand 9950 more\n10000 mistakes\n");
  CHECK(json::parse(motet_alone({"check", file, "--json"}).out)["errors"].size() == 10000);
}
