// motet plugin verify: the conformance kit as people and programs call it. What its checks find, tests/conformance
// knows.
#include <nlohmann/json.hpp>

#include "base/mapped_file.hpp"
#include "core/cli/motet.hpp"

using namespace motet::test;
using nlohmann::json;

namespace {

const std::string kLibrary = MOTET_BINARY_DIR "/tests/cli_plugins/cli.so";

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t out = 0;
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++out;
  return out;
}

}  // namespace

TEST_CASE("plugin checks: the list as text and as data") {
  const json data = json::parse(well(motet_alone({"plugin", "checks", "--json"})));
  REQUIRE(data["checks"].size() >= 60);
  const std::string text = well(motet_alone({"plugin", "checks"}));
  CHECK(count(text, "\n") == data["checks"].size());
  CHECK(text.find("C008  " + data["checks"][7]["asks"].get<std::string>() + "\n") != text.npos);
}

TEST_CASE("plugin verify: one check of one type, as text, data and JUnit") {
  const TemporaryFolder folder;
  const std::string junit = (folder.path() / "verdicts.xml").string();
  const Said said = motet_alone(
      {"plugin", "verify", kLibrary, "--only", "C008", "--only", "test.shout", "--seed", "7", "--junit", junit});
  INFO(said.out + said.err);
  CHECK(said.status == 0);
  CHECK(said.out.find("test.shout (derived): 1 of 1 passed") != said.out.npos);
  CHECK(said.out.find("--seed 7") != said.out.npos);
  const std::string xml = motet::base::read_file(junit);
  CHECK(count(xml, "<testcase ") == 1);
  CHECK(count(xml, "failures=\"0\"") == 1);
  const json data = json::parse(
      well(motet_alone({"plugin", "verify", kLibrary, "--only", "outputs_set", "--only", "test.shout", "--json"})));
  REQUIRE(data["outcomes"].size() == 1);
  CHECK(data["outcomes"][0]["check"] == "C008");
  CHECK(data["outcomes"][0]["verdict"] == "passed");
  CHECK(data["passed"] == 1);
}

namespace {

// The verdict and message of C008 on a stage type of the tests' plugin, in a pipeline where it is called 's'.
std::pair<std::string, std::string> verdict_of(const std::string& type, const std::string& limit) {
  const TemporaryFolder folder;
  const std::string pipeline = folder
                                   .write("pipeline.yaml",
                                          "motet: 1\nname: one\ninputs: {x: {type: text, default: a}}\n"
                                          "stages: {s: {use: " +
                                              type + ", in: {x: inputs.x}}}\noutputs: {y: s.y}\n")
                                   .string();
  const Said said = motet_alone({"plugin", "verify", kLibrary, "--pipeline", pipeline, "--only", "C008", "--only", type,
                                 "--limit", limit, "--json"});
  INFO(said.out + said.err);
  CHECK(said.status == 1);
  const json data = json::parse(said.out);
  REQUIRE(data["outcomes"].size() == 1);
  return {data["outcomes"][0]["verdict"], data["outcomes"][0]["message"]};
}

}  // namespace

TEST_CASE("plugin verify: a stage that crashes is a verdict, with the signal and the last call") {
  const auto [verdict, message] = verdict_of("test.crash", "20");
  CHECK(verdict == "crashed");
  CHECK(message == "SIGSEGV in process of stage 's'");
}

TEST_CASE("plugin verify: a stage that hangs is a verdict, with the last call") {
  const auto [verdict, message] = verdict_of("test.sleep", "1");
  CHECK(verdict == "timed out");
  CHECK(message == "in process of stage 's'");
}

// Without any driver what computes there cannot be tried, and says so.
TEST_CASE("plugin verify: --device says where stages compute") {
  const std::string projector = MOTET_BINARY_DIR "/lib/motet/plugins/projector.so";
  const auto outcome = [&](const std::string& device) {
    const Said said = motet_within(
        {"VK_DRIVER_FILES=/nonexistent", "VK_ICD_FILENAMES=/nonexistent"},
        {"plugin", "verify", projector, "--device", device, "--only", "C080", "--only", "projector.linear", "--json"});
    INFO(said.out + said.err);
    CHECK(said.status == 0);
    const json data = json::parse(said.out);
    REQUIRE(data["outcomes"].size() == 1);
    return std::pair<std::string, std::string>(data["outcomes"][0]["verdict"], data["outcomes"][0]["message"]);
  };
  CHECK(outcome("cpu").first == "passed");
  const auto [verdict, message] = outcome("vulkan");
  CHECK(verdict == "skipped");
  INFO(message);
  CHECK(message.find("it cannot be tried: ") == 0);
  CHECK(message.find("Vulkan") != message.npos);
}

TEST_CASE("plugin verify: --list tries nothing") {
  const std::string text = well(motet_alone({"plugin", "verify", kLibrary, "--list", "--only", "C001"}));
  CHECK(text == "C001  exports_entry\n");
}

TEST_CASE("plugin verify: arguments that lead nowhere") {
  const Said missing = motet_alone({"plugin", "verify", "no_such.so"});
  CHECK(missing.status == 2);
  CHECK(missing.err.find("there is no file no_such.so") != missing.err.npos);
  const Said unknown = motet_alone({"plugin", "verify", kLibrary, "--only", "outputs_sat"});
  CHECK(unknown.status == 2);
  CHECK(unknown.err.find("did you mean 'outputs_set'?") != unknown.err.npos);
  CHECK(motet_alone({"plugin", "verify", kLibrary, "--seed", "x"}).status == 2);
}
