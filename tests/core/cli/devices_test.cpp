// motet devices: what this machine has, and what it says where there is no driver.
#include <nlohmann/json.hpp>

#include "core/cli/motet.hpp"

using namespace motet::test;
using nlohmann::json;

TEST_CASE("devices: the cpu is there, and one device is automatic") {
  const json list = json::parse(well(motet_alone({"devices", "--json"})))["devices"];
  REQUIRE_FALSE(list.empty());
  CHECK(list[0]["name"] == "cpu");
  int automatic = 0;
  for (const json& one : list) {
    automatic += one["automatic"] == true;
    CHECK_FALSE((one["automatic"] == true && one["kind"] == "software"));
  }
  CHECK(automatic == 1);
  const std::string text = well(motet_alone({"devices"}));
  for (const json& one : list) CHECK(text.find("  " + one["kind"].get<std::string>() + ": ") != text.npos);
  CHECK(text.ends_with("* what --device auto picks\n"));
}

TEST_CASE("devices: without a driver the cpu is left, and the reason is told") {
  const TemporaryFolder folder;
  const std::string drivers = "VK_ICD_FILENAMES=" + folder.write("none.json", "").string();
  const std::string text = well(motet_within({drivers, "VK_DRIVER_FILES="}, {"devices"}));
  CHECK(text.starts_with("* cpu     cpu: "));
  CHECK(text.find("\n  vulkan  cannot be used: Vulkan failed while creating a Vulkan instance") != text.npos);
  const json list = json::parse(well(motet_within({drivers, "VK_DRIVER_FILES="}, {"devices", "--json"})))["devices"];
  REQUIRE(list.size() == 2);
  CHECK(list[0]["automatic"] == true);
  CHECK(list[1]["name"] == "vulkan");
  CHECK_FALSE(list[1]["problem"].get<std::string>().empty());
}

TEST_CASE("devices: arguments that it does not take") {
  const Said said = motet_alone({"devices", "cpu"});
  CHECK(said.out.empty());
  CHECK(said.err == "motet: error: 'cpu' is one argument too many\n   help: usage: motet devices [--json]\n");
  CHECK(said.status == 2);
}
