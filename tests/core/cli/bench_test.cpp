// motet bench: what took how long. That the figures make sense together, never how large they are.
#include <nlohmann/json.hpp>

#include "core/cli/motet.hpp"

using namespace motet::test;
using nlohmann::json;

TEST_CASE("bench: stages, generators and operations") {
  const TemporaryFolder folder;
  const std::vector<std::string> arguments{"bench",    counting(folder),
                                           "--in",     "text=abc",
                                           "--in",     "prompt=" + folder.write("p.json", "[3]").string(),
                                           "--rounds", "3"};
  std::vector<std::string> as_data = arguments;
  as_data.push_back("--json");
  const json data = json::parse(well(motet_little(as_data)));
  CHECK(data["pipeline"] == "counting");
  CHECK(data["device"] == "cpu");
  CHECK(data["items"] == 1);
  CHECK(data["rounds"] == 3);
  CHECK(data["round_ms"].get<double>() > 0);
  CHECK(data["load_ms"].get<double>() > 0);
  for (const char* stage : {"codes", "encoder", "words"}) {
    INFO(stage);
    CHECK(data["stages"][stage]["calls"] == 1);
    CHECK(data["stages"][stage]["ms"].get<double>() > 0);
  }
  CHECK(data["generators"]["words"]["prompt_tokens"] == 1);
  CHECK(data["generators"]["words"]["steps"] == 5);  // 4 to 8, and the 9 that ends it comes of the last
  double before = 1e9;
  std::size_t matrices = 0;
  for (const json& one : data["operations"]) {
    CHECK(one["ms"].get<double>() <= before);
    before = one["ms"].get<double>();
    if (one["op"] == "argmax") matrices = one["count"].get<std::size_t>();
  }
  CHECK(matrices == 6);

  const std::string text = well(motet_little(arguments));
  CHECK(text.starts_with("counting on cpu: 3 rounds of 1 item, medians\n"));
  CHECK(text.find("\ngenerator words\n") != text.npos);
  CHECK(text.find("\n  argmax ") != text.npos);
}

TEST_CASE("bench: an item that fails ends it") {
  const TemporaryFolder folder;
  const std::string upper = folder
                                .write("upper.yaml",
                                       "motet: 1\ninputs: {text: text}\nstages:\n  s: {use: little.upper, in: "
                                       "inputs.text}\noutputs: {y: s}\n")
                                .string();
  const Said said = motet_little({"bench", upper, "--in", "text=bad"});
  CHECK(said.out.empty());
  CHECK(said.err == "motet: error: stage 's' (little.upper): the text is bad\n");
  CHECK(said.status == 1);
  const Said rounds = motet_little({"bench", upper, "--in", "text=a", "--rounds", "0"});
  CHECK(rounds.err == "motet: error: --rounds is 0\n   help: it goes from 1 to 100000\n");
  CHECK(rounds.status == 2);
  CHECK(
      well(motet_little({"bench", upper, "--in", "text=a", "--rounds", "1"})).starts_with("upper on cpu: 1 round of"));
}
