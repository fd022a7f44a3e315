// motet plugins: what is there, where from, and why a file was refused.
#include <nlohmann/json.hpp>

#include "base/mapped_file.hpp"
#include "core/cli/motet.hpp"

using namespace motet::test;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

const fs::path kLittle = MOTET_BINARY_DIR "/tests/little";

const json* plugin(const json& list, const std::string& id) {
  for (const json& one : list["plugins"]) {
    if (one["id"] == id) return &one;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("plugins: those beside the program, without being told") {
  const std::string text = well(motet_alone({"plugins"}));
  CHECK(text.find("tokenizer 1.0.0  " MOTET_BINARY_DIR "/lib/motet/plugins/tokenizer.so\n") != text.npos);
  CHECK(text.find("\n  decoder.transformer  ") != text.npos);
  CHECK(text.find("refused") == text.npos);
  const json list = json::parse(well(motet_alone({"plugins", "--json"})));
  CHECK(list["refused"] == json::array());
  const json* transformer = plugin(list, "transformer");
  REQUIRE(transformer != nullptr);
  CHECK((*transformer)["types"].size() == 2);
  CHECK((*transformer)["types"][1]["id"] == "decoder.transformer");
  CHECK((*transformer)["library"] == MOTET_BINARY_DIR "/lib/motet/plugins/transformer.so");
}

TEST_CASE("plugins: elsewhere, by option and by MOTET_PLUGINS") {
  const json* none = plugin(json::parse(well(motet_alone({"plugins", "--json"}))), "little");
  CHECK(none == nullptr);
  const json by_option = json::parse(well(motet_alone({"plugins", "--json", "--plugins", kLittle.string()})));
  REQUIRE(plugin(by_option, "little") != nullptr);
  const json by_variable =
      json::parse(well(motet_within({"MOTET_PLUGINS=" + kLittle.string()}, {"plugins", "--json"})));
  CHECK(*plugin(by_variable, "little") == *plugin(by_option, "little"));
}

TEST_CASE("plugins: the first of two with one id counts, the other is refused and named") {
  const TemporaryFolder folder;
  fs::copy_file(kLittle / "little.so", folder.path() / "copy.so");
  fs::copy_file(kLittle / "little.motet.json", folder.path() / "copy.motet.json");
  const json list = json::parse(
      well(motet_alone({"plugins", "--json", "--plugins", folder.path().string(), "--plugins", kLittle.string()})));
  CHECK((*plugin(list, "little"))["library"] == (folder.path() / "copy.so").string());
  REQUIRE(list["refused"].size() == 1);
  CHECK(list["refused"][0]["reason"].get<std::string>().find("copy.so") != std::string::npos);
}

TEST_CASE("plugins: a folder that is not there") {
  const Said said = motet_alone({"plugins", "--plugins", "/nowhere/at/all"});
  CHECK(said.out.empty());
  CHECK(said.err == "motet: error: --plugins /nowhere/at/all: no such folder\n");
  CHECK(said.status == 2);
}
