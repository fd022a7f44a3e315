// Plugins that were built against the contract as it was are loaded and run by the present program.
#include "support/catch.hpp"
#include "support/command.hpp"

using namespace motet::test;

namespace {

std::string run(const std::string& pipeline, const std::string& device, const std::string& text) {
  const Said said =
      Command({MOTET_BINARY_DIR "/bin/motet", "run", pipeline, "--plugins", MOTET_BINARY_DIR "/tests/abi_plugins",
               "--device", device, "--checked", "--in", "text=" + text})
          .finish();
  INFO(said.err);
  REQUIRE(said.status == 0);
  return said.out;
}

}  // namespace

TEST_CASE("a plugin built against the foundation's contract loads and runs") {
  const std::string pipeline = MOTET_SOURCE_DIR "/tests/abi/foundation/pipeline.yaml";
  for (const char* device : {"cpu", "vulkan"}) {
    INFO(device);
    CHECK(run(pipeline, device, "AZ") == "[0.5,13.0]\n");
  }
}

TEST_CASE("a plugin whose structs end earlier than ours works, and nothing beyond them is touched") {
  const TemporaryFolder folder;
  const std::string pipeline = folder
                                   .write("smaller.yaml", R"(motet: 1
name: smaller
inputs: {text: text}
stages:
  words: {use: smaller.tokens, in: {text: inputs.text}}
  values: {use: smaller.values, in: {tokens: words}}
  twice: {use: smaller.twice, in: {x: values}}
outputs: {y: twice.y}
)")
                                   .string();
  for (const char* device : {"cpu", "vulkan"}) {
    INFO(device);
    CHECK(run(pipeline, device, "any") == "[2.0,4.0,6.0]\n");
  }
}
