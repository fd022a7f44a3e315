// motet inspect: a stage type's ports, parameters, slots and an example.
#include <nlohmann/json.hpp>

#include "core/cli/motet.hpp"

using namespace motet::test;
using nlohmann::json;

TEST_CASE("inspect: everything that a pipeline's author may write") {
  CHECK(well(motet_alone({"inspect", "retrieval.pool"})).starts_with("retrieval.pool, "));
  const std::string text = well(motet_little({"inspect", "little.decode"}));
  CHECK(text ==
        "little.decode, of the kind decoder and the plugin little\n"
        "Counts to nine.\n"
        "a generator: the engine runs it step by step\n"
        "pure: the same inputs give the same result\n"
        "\n"
        "inputs\n"
        "  tokens  tokens  (optional)\n"
        "\n"
        "outputs\n"
        "  logits  f32[W, 16]\n"
        "  tokens  tokens      (a stream)\n"
        "\n"
        "slots\n"
        "  mix  a mixer\n");
}

TEST_CASE("inspect: as data") {
  const json type = json::parse(well(motet_alone({"inspect", "audio.waveform", "--json"})));
  CHECK(type["id"] == "audio.waveform");
  CHECK(type["plugin"] == "audio");
  CHECK(type["inputs"][0]["type"] == "audio");
  CHECK(type["way"] == "host");
  CHECK(type["determinism"] == "pure");
  CHECK(type["outputs"][0]["name"] == "waveform");
  REQUIRE(type["params"][0]["name"] == "rate");
  CHECK(type["params"][0]["default"] == "16000");
  CHECK(type["params"][0]["min"] == 100);
  const json decoder = json::parse(well(motet_alone({"inspect", "decoder.transformer", "--json"})));
  CHECK(decoder["slots"].size() == 4);
  CHECK(decoder["params"][0]["required"] == true);
  CHECK(decoder["way"] == "generator");
  CHECK(decoder["outputs"][1]["stream"] == true);
  const json sampler = json::parse(well(motet_alone({"inspect", "sampler.standard", "--json"})));
  CHECK(sampler["way"] == "service");
  CHECK(sampler["determinism"] == "seeded");
  const json attention = json::parse(well(motet_alone({"inspect", "fusion.cross_attention", "--json"})));
  CHECK(attention["inputs"][0]["from_caller"] == true);
  CHECK(attention["inputs"][1]["from_caller"] == false);
}

TEST_CASE("inspect: the example of each type that Motet ships names the type itself") {
  const json list = json::parse(well(motet_alone({"plugins", "--json"})));
  REQUIRE(list["plugins"].size() >= 8);
  for (const json& plugin : list["plugins"]) {
    for (const json& listed : plugin["types"]) {
      const auto id = listed["id"].get<std::string>();
      INFO(id);
      const json type =
          json::parse(well(motet_alone({"inspect", plugin["id"].get<std::string>() + ":" + id, "--json"})));
      CHECK(type["summary"] == listed["summary"]);
      CHECK(type["example"].get<std::string>().find("use: " + id) != std::string::npos);
      for (const char* part : {"inputs", "outputs", "params", "slots"}) {
        for (const json& one : type[part]) {
          INFO(one["name"].get<std::string>());
          CHECK_FALSE(one["help"].get<std::string>().empty());
        }
      }
    }
  }
}

TEST_CASE("inspect: a type that there is not") {
  const Said said = motet_alone({"inspect", "encoder.transfomer"});
  CHECK(said.out.empty());
  CHECK(said.err == "motet: error: no stage type 'encoder.transfomer'\n   help: did you mean 'encoder.transformer'?\n");
  CHECK(said.status == 2);
  const Said bare = motet_alone({"inspect"});
  CHECK(bare.err == "motet: error: TYPE is missing\n   help: usage: motet inspect TYPE [--plugins DIR...] [--json]\n");
  CHECK(bare.status == 2);
}
