// The table of checks, and the page that is made of it.
#include <fstream>
#include <set>

#include "base/mapped_file.hpp"
#include "report/verify_report.hpp"
#include "support/catch.hpp"
#include "verify/check.hpp"
#include "verify/child.hpp"

namespace verify = motet::verify;

TEST_CASE("no two checks share a number or a name, and each says what it is about") {
  std::set<int> numbers;
  std::set<std::string_view> slugs;
  for (const verify::Check& one : verify::checks()) {
    INFO(one.number);
    CHECK(numbers.insert(one.number).second);
    CHECK(slugs.insert(one.slug).second);
    CHECK(one.asks.ends_with('.'));
    CHECK(one.otherwise.ends_with('.'));
    CHECK_FALSE(one.enforced.empty());
    CHECK((one.strictness >= 1 && one.strictness <= 10));
    CHECK((one.run != nullptr || one.on == verify::On::pipeline));
  }
}

TEST_CASE("a check is found however its number is written") {
  for (const char* text : {"C012", "c012", "12", "C12"}) {
    const verify::Check* found = verify::find_check(text);
    REQUIRE(found != nullptr);
    CHECK(found->slug == "host_function_in_its_phase");
  }
  for (const char* text : {"", "C", "C000", "C999", "C01x", "12 "}) CHECK(verify::find_check(text) == nullptr);
}

TEST_CASE("the rule that a message cites") {
  CHECK(verify::cited_obligation("stage 's' (t): [C009] process set") == 9);
  CHECK(verify::cited_obligation("in [C, D] and [C008] both") == 8);
  CHECK(verify::cited_obligation("nothing of the kind [C999]") == 0);
}

TEST_CASE("docs/obligations.md is the table of checks") {
  const std::string page = motet::base::read_file(std::string(MOTET_SOURCE_DIR) + "/docs/obligations.md");
  const std::string wanted = motet::report::checks_page(verify::checks());
  if (page != wanted) {
    const std::string file = std::string(MOTET_BINARY_DIR) + "/obligations.md";
    std::ofstream(file) << wanted;
    FAIL("docs/obligations.md is not what the table says; copy " + file + " there");
  }
}
