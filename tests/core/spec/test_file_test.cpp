#include "spec/test_file.hpp"

#include "base/error.hpp"
#include "base/render.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace motet;

namespace {

// What is said of a file of tests, without its folder.
std::string mistakes(const std::string& yaml) {
  const test::TemporaryFolder folder;
  base::Diagnostics diagnostics;
  spec::load_tests(folder.write("p.test.yaml", yaml), diagnostics);
  diagnostics.sort();
  std::string out = base::render(diagnostics, false);
  for (std::size_t at = 0; (at = out.find(folder.path().string() + "/")) != out.npos;)
    out.erase(at, folder.path().string().size() + 1);
  return out;
}

}  // namespace

TEST_CASE("test_file: what a file of tests says") {
  const test::TemporaryFolder folder;
  base::Diagnostics diagnostics;
  const auto tests = spec::load_tests(folder.write("p.test.yaml", R"(motet-test: 1
needs: {model: a folder}
params: {top: 3, mark: "!"}
cases:
  one: {params: {top: 1}, in: {text: a}, out: {y: b, z: {value: [1, 2], tolerance: 1e-3}}}
  two: {error: {code: M0026, message: least}}
  three: {error: went wrong}
)"),
                                      diagnostics);
  REQUIRE(diagnostics.empty());
  REQUIRE(tests);
  CHECK(tests->folder() == folder.path());
  REQUIRE(tests->needs.size() == 1);
  CHECK(tests->needs[0].first.text == "model");
  CHECK(tests->needs[0].second == "a folder");
  REQUIRE(tests->cases.size() == 3);
  const spec::TestCase& one = tests->cases[0];
  CHECK(one.name.place.line == 5);
  REQUIRE(one.params.size() == 2);
  CHECK(one.params[0].value.text == "1");  // its own
  CHECK(one.params[1].name.text == "mark");
  REQUIRE(one.out.size() == 2);
  CHECK(one.out[0].tolerance == 0);
  CHECK(one.out[1].value.items.size() == 2);
  CHECK(one.out[1].tolerance == 1e-3);
  CHECK(tests->cases[1].error->code == "M0026");
  CHECK(tests->cases[2].error->message == "went wrong");
}

TEST_CASE("test_file: it lies beside its pipeline") {
  CHECK(spec::test_file_of("a/pipeline.yaml") == "a/pipeline.test.yaml");
  CHECK(spec::test_file_of("mine.yaml") == "mine.test.yaml");
  base::Diagnostics diagnostics;
  CHECK_THROWS_AS(spec::load_tests("/nowhere/p.test.yaml", diagnostics), base::Error);
}

TEST_CASE("test_file: each mistake has its place") {
  CHECK(mistakes("motet-test: 2\ncases: {a: {out: {y: 1}}}\n").starts_with("p.test.yaml:1:13: error[M0014]"));
  CHECK(mistakes("cases: {a: {out: {y: 1}}}\n").starts_with("p.test.yaml:1:1: error[M0012]"));
  CHECK(mistakes("motet-test: 1\ncase: {}\n").find("did you mean 'cases'?") != std::string::npos);
  CHECK(mistakes("motet-test: 1\ncases: {}\n").starts_with("p.test.yaml:2:8: error[M0012]"));
  CHECK(mistakes("motet-test: 1\ncases: [1]\n").starts_with("p.test.yaml:2:8: error[M0013]"));
  CHECK(mistakes("motet-test: 1\ncases: {a: 1}\n").starts_with("p.test.yaml:2:12: error[M0013]"));
  CHECK(mistakes("motet-test: 1\ncases: {a: {in: {x: 1}}}\n").starts_with("p.test.yaml:2:9: error[M0030]"));
  CHECK(
      mistakes("motet-test: 1\ncases: {a: {out: {y: 1}, error: no}}\n").starts_with("p.test.yaml:2:33: error[M0030]"));
  CHECK(mistakes("motet-test: 1\ncases: {a: {out: {y: {value: 1, tolerance: -1}}}}\n")
            .starts_with("p.test.yaml:2:44: error[M0018]"));
  CHECK(mistakes("motet-test: 1\ncases: {a: {out: {y: {values: 1}}}}\n").find("did you mean 'value'?") !=
        std::string::npos);
  CHECK(mistakes("motet-test: 1\ncases: {a: {error: [1]}}\n").starts_with("p.test.yaml:2:20: error[M0013]"));
  CHECK(mistakes("motet-test: 1\ncases: {a: {out: {y: 1}}, a: {out: {y: 1}}}\n").find("error[M0003]") !=
        std::string::npos);
  CHECK(mistakes("motet-test: 1\ncases: {a: {out: {y: 1}, out: 3\n").find("error[M0002]") != std::string::npos);
}
