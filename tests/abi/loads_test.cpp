// Plugins that were built against the contract as it was are loaded and run by the present program.
#include "support/catch.hpp"
#include "support/command.hpp"

using namespace motet::test;

namespace {

std::string run(const std::string& pipeline, const std::string& device, const std::string& text,
                const std::string& input = "text") {
  const Said said =
      Command({MOTET_BINARY_DIR "/bin/motet", "run", pipeline, "--plugins", MOTET_BINARY_DIR "/tests/abi_plugins",
               "--device", device, "--checked", "--in", input + "=" + text})
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

TEST_CASE("a plugin that could not say yet that it takes whole numbers gets them") {
  const TemporaryFolder folder;
  std::string header = R"({"row":{"dtype":"I32","shape":[3],"data_offsets":[0,12]}})";
  header.resize((header.size() + 7) / 8 * 8, ' ');
  std::string length(8, '\0');
  length[0] = static_cast<char>(header.size());
  folder.write("w.safetensors", length + header + std::string("\1\0\0\0\2\0\0\0\3\0\0\0", 12));
  const std::string pipeline = folder
                                   .write("p.yaml", R"(motet: 1
weights: {w: w.safetensors}
inputs: {x: "f32[3]"}
stages:
  sum: {use: whole_numbers.add, weights: w, in: inputs.x}
outputs: {y: sum}
)")
                                   .string();
  CHECK(run(pipeline, "cpu", "[10, 20, 30]", "x") == "[11.0,22.0,33.0]\n");
}
