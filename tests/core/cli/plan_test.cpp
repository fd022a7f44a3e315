// motet plan: stages, programs and memory.
#include <nlohmann/json.hpp>

#include "core/cli/motet.hpp"

using namespace motet::test;
using nlohmann::json;

TEST_CASE("plan: without sizes it says which are wanted") {
  const TemporaryFolder folder;
  CHECK(well(motet_little({"plan", counting(folder)})) ==
        "counting on cpu\n"
        "\n"
        "1  host  codes\n"
        "     codes (little.codes)\n"
        "2  island  encoder+words\n"
        "     encoder (little.encode)\n"
        "     words (little.decode), mix: little.mix, step by step\n"
        "     in  encoder.x  f32[B, codes.S]  from codes.codes\n"
        "     no sizes for its programs: give an example with --in, or --shapes encoder.x=SIZES\n");
  const json data = json::parse(well(motet_little({"plan", counting(folder), "--json"})));
  CHECK(data["units"][1]["missing"].get<std::string>().find("--shapes encoder.x=SIZES") != std::string::npos);
  CHECK(data["programs"] == json::array());
  CHECK(data["arena_bytes"] == 0);
}

TEST_CASE("plan: sizes give programs, and an example gives those that it ran") {
  const TemporaryFolder folder;
  const json sized = json::parse(well(motet_little({"plan", counting(folder), "--shapes", "encoder.x=1x4", "--json"})));
  REQUIRE(sized["programs"].size() == 2);
  CHECK(sized["programs"][0]["name"] == "encoder+words item");
  CHECK(sized["programs"][1]["name"] == "encoder+words step");
  const auto item = sized["programs"][0]["program"].get<std::string>();
  CHECK(item.find("input encoder.x  ") != item.npos);
  CHECK(item.find("f32[1, 4]\n") != item.npos);
  for (const json& one : sized["programs"]) {
    CHECK(one["steps"].get<int>() <= one["ops"].get<int>());
    CHECK(sized["arena_bytes"].get<int>() >= one["arena_bytes"].get<int>());
  }
  CHECK(json::parse(well(motet_little({"plan", counting(folder), "--shapes", "encoder.x=1,4", "--json"}))) == sized);

  const std::string prompt = folder.write("prompt.json", "[2, 3]").string();
  const json ran = json::parse(
      well(motet_little({"plan", counting(folder), "--in", "text=abcd", "--in", "prompt=" + prompt, "--json"})));
  bool same = false, two_tokens = false;
  for (const json& one : ran["programs"]) {
    same = same || one == sized["programs"][0];
    const auto program = one["program"].get<std::string>();
    const std::size_t line = program.find("input tokens ");
    if (line == program.npos) continue;
    two_tokens = two_tokens || program.substr(line, program.find('\n', line) - line).ends_with(" i32[2]");
  }
  CHECK(same);
  CHECK(two_tokens);
  const std::string text =
      well(motet_little({"plan", counting(folder), "--in", "text=abcd", "--in", "prompt=" + prompt}));
  CHECK(text.find("\nprogram encoder+words item\n") != text.npos);
  CHECK(text.find("\nplan encoder+words step: ") != text.npos);
  CHECK(text.find("one arena for all plans: ") != text.npos);
}

TEST_CASE("plan: sizes that cannot be meant") {
  const TemporaryFolder folder;
  const std::string pipeline = counting(folder);
  const auto says = [&](const std::string& shapes) {
    const Said said = motet_little({"plan", pipeline, "--shapes", shapes});
    CHECK(said.status == 2);
    CHECK(said.out.empty());
    return said.err;
  };
  CHECK(says("encoder.x") == "motet: error: --shapes encoder.x cannot be read\n   help: write --shapes NAME=1x32\n");
  CHECK(says("encoder.x=1x0").find("cannot be read") != std::string::npos);
  CHECK(says("encoder.x=1x4x").find("cannot be read") != std::string::npos);
  CHECK(says("encoder.x=4") == "motet: error: --shapes encoder.x: f32[B, codes.S] has 2 sizes\n");
  CHECK(says("encodr.x=1x4") ==
        "motet: error: --shapes encodr.x: nothing of that name enters an island\n   help: did you mean 'encoder.x'?\n");
}
