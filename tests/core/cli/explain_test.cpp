// motet explain: what a code means.
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/cli/motet.hpp"

using namespace motet::test;
using nlohmann::json;

TEST_CASE("explain: a code, however it is written") {
  const std::string text = well(motet_alone({"explain", "M0110"}));
  CHECK(text.starts_with("M0110: an unknown stage type\n\n"));
  CHECK(text.find("--plugins DIR") != text.npos);
  CHECK(well(motet_alone({"explain", "m0110"})) == text);
  CHECK(well(motet_alone({"explain", "110"})) == text);
}

TEST_CASE("explain: lines fit a terminal, examples stay as they are") {
  const json all = json::parse(well(motet_alone({"explain", "--json"})));
  REQUIRE(all["codes"].size() > 40);
  std::string before;
  for (const json& one : all["codes"]) {
    const auto code = one["code"].get<std::string>();
    INFO(code);
    CHECK(before < code);
    before = code;
    CHECK_FALSE(one["title"].get<std::string>().empty());
    std::istringstream lines(one["explanation"].get<std::string>());
    for (std::string line; std::getline(lines, line);) {
      INFO(line);
      CHECK((line.size() <= 100 || line.front() == ' '));
      CHECK_FALSE(line.empty());
    }
  }
  CHECK(well(motet_alone({"explain", "M0012"})).find("\n") != std::string::npos);
  CHECK(well(motet_alone({"explain", "M0108"}))
            .find("\n  heard: {include: ../transcribe, in: {audio: inputs.audio}}\n") != std::string::npos);
}

TEST_CASE("explain: without a code it lists them, as data it says the same") {
  const std::string list = well(motet_alone({"explain"}));
  const json one = json::parse(well(motet_alone({"explain", "M0207", "--json"})));
  CHECK(one["code"] == "M0207");
  CHECK(list.find("M0207  " + one["title"].get<std::string>() + "\n") != list.npos);
  CHECK(well(motet_alone({"explain", "207"})) ==
        "M0207: " + one["title"].get<std::string>() + "\n\n" + one["explanation"].get<std::string>());
}

TEST_CASE("explain: a code that there is not") {
  const Said said = motet_alone({"explain", "M9999"});
  CHECK(said.out.empty());
  CHECK(said.err ==
        "motet: error: there is no code 'M9999'\n   help: motet explain lists them all, motet plugin checks the rules "
        "for plugins\n");
  CHECK(said.status == 2);
  const Said data = motet_alone({"explain", "nonsense", "--json"});
  CHECK(json::parse(data.out)["errors"][0]["message"] == "there is no code 'nonsense'");
  CHECK(data.err.empty());
  CHECK(data.status == 2);
}

TEST_CASE("explain: a rule of the conformance kit") {
  const std::string text = well(motet_alone({"explain", "C017"}));
  CHECK(text.starts_with("C017 generation_well_formed\n\n"));
  CHECK(well(motet_alone({"explain", "c17"})) == text);
  const json data = json::parse(well(motet_alone({"explain", "C017", "--json"})));
  CHECK(data["check"] == "C017");
  CHECK(data["enforced"] == "host");
  CHECK(motet_alone({"explain", "C999"}).status == 2);
}
