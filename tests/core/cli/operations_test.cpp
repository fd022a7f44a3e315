// Operations of plugins' own, as the program shows them.
#include <nlohmann/json.hpp>

#include "core/cli/motet.hpp"

using namespace motet::test;
using nlohmann::json;

namespace {

const std::string kPlugins = MOTET_BINARY_DIR "/tests/operations_plugins";

std::string pipeline(const TemporaryFolder& folder, const std::string& stage) {
  return folder
      .write("operations.yaml",
             "motet: 1\nname: operations\ninputs: {x: {type: \"f32[N]\", default: [1, 2]}}\n"
             "stages: {one: {use: " +
                 stage + ", in: {x: inputs.x}}}\noutputs: {y: one.y}\n")
      .string();
}

}  // namespace

TEST_CASE("plugins and inspect show a plugin's operations") {
  const std::string text = well(motet_alone({"plugins", "--plugins", kPlugins}));
  CHECK(text.find("\n  test.wave/1  (operation) y = x + amount sin(x)^2\n") != text.npos);
  const json list = json::parse(well(motet_alone({"plugins", "--plugins", kPlugins, "--json"})));
  bool found = false;
  for (const json& plugin : list["plugins"]) {
    if (plugin["id"] != "operations") continue;
    found = true;
    CHECK(plugin["operations"][0] == json({{"id", "test.wave/1"}, {"summary", "y = x + amount sin(x)^2"}}));
    CHECK(plugin["types"].size() == 2);
  }
  CHECK(found);
  CHECK(well(motet_alone({"inspect", "test.rows/1", "--plugins", kPlugins})) ==
        "test.rows/1, an operation of the plugin operations\n"
        "sums of rows, weighted, and where each is largest\n"
        "stages write it; a pipeline knows it where it has a stage of that plugin\n"
        "\n"
        "operands\n"
        "  x       f32  [..., C]\n"
        "  weight  f32  [C] (optional)\n"
        "\n"
        "outputs\n"
        "  sum      f32  [...]\n"
        "  largest  i32  [...]\n"
        "\n"
        "attributes\n"
        "  skip  integer  columns at the front that do not count (default 0; at least 0)\n");
  const json wave = json::parse(well(motet_alone({"inspect", "test.wave/1", "--plugins", kPlugins, "--json"})));
  CHECK(wave["attributes"][0] == json({{"name", "amount"},
                                       {"type", "number"},
                                       {"help", "how strong"},
                                       {"required", false},
                                       {"default", 1.0},
                                       {"min", 0.0},
                                       {"max", 8.0}}));
  const Said near = motet_alone({"inspect", "test.wave/2", "--plugins", kPlugins});
  CHECK(near.status == 2);
  CHECK(near.err.find("did you mean 'test.wave/1'?") != near.err.npos);
  const Said two = motet_alone({"inspect", "broken.right/1", "--plugins", kPlugins});
  CHECK(two.status == 2);
  CHECK(two.err.find("several plugins bring the operation 'broken.right/1': broken, rival") != two.err.npos);
}

TEST_CASE("plan prints an operation of a plugin") {
  const TemporaryFolder folder;
  const std::string text = well(motet_alone(
      {"plan", pipeline(folder, "test.waves"), "--plugins", kPlugins, "--shapes", "one.x=2x7", "--device", "cpu"}));
  CHECK(text.find("  test.wave/1 %") != text.npos);
  CHECK(text.find("  test.wave/1 @") != text.npos);
  CHECK(text.find("f32[2, 7]  # one") != text.npos);
}

TEST_CASE("an operation that crashes is named, and so is one whose GLSL is none") {
  const TemporaryFolder folder;
  const Said crashed = motet_alone({"run", pipeline(folder, "broken.write, with: {op: broken.crashes/1}"), "--plugins",
                                    kPlugins, "--device", "cpu"});
  CHECK(crashed.status == 4);
  CHECK(crashed.err.find("motet: operation 'broken.crashes/1' of the plugin broken crashed (SIGFPE") !=
        crashed.err.npos);
  const Said glsl = motet_alone({"run", pipeline(folder, "broken.write, with: {op: broken.glsl/1}"), "--plugins",
                                 kPlugins, "--device", "vulkan"});
  CHECK(glsl.status != 0);
  CHECK(glsl.err.find("operation 'broken.glsl/1' of the plugin broken: [C096] its GLSL, line 2: 'nothing' : "
                      "undeclared identifier\n") != glsl.err.npos);
  CHECK(glsl.err.find("the line is: return nothing;") != glsl.err.npos);
}
