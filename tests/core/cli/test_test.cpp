// `motet test`: what passes, what fails and how it is told, and files of tests that are wrong.
#include <nlohmann/json.hpp>

#include "core/cli/motet.hpp"

using namespace motet::test;
using nlohmann::json;

namespace {

constexpr const char* kShout = R"(motet: 1
params: {mark: {type: string, default: "!", choices: ["!", "?"]}}
inputs: {text: text}
stages:
  s: {use: test.shout, with: {mark: "${mark}"}, in: inputs.text}
  n: {use: test.numbers, in: inputs.text}
outputs: {loud: s, y: n.y, ids: n.ids}
)";

struct Tested {
  TemporaryFolder folder;
  std::string pipeline = folder.write("p.yaml", kShout).string();
  Said run(const std::string& cases, std::vector<std::string> more = {}, const std::string& head = "") {
    folder.write("p.test.yaml", "motet-test: 1\n" + head + "cases:\n" + cases);
    std::vector<std::string> words =
        motet_words({"test", pipeline, "--plugins", MOTET_BINARY_DIR "/tests/cli_plugins"});
    words.insert(words.end(), more.begin(), more.end());
    return Command(words).finish();
  }
};

}  // namespace

TEST_CASE("test: what is as expected passes, with parameters of its own") {
  Tested tested;
  tested.folder.write("word.txt", "file");
  const Said said = tested.run(
      "  plain: {in: {text: Hello}, out: {loud: Hello!}}\n"
      "  asked: {params: {mark: \"?\"}, in: {text: Hello}, out: {loud: \"Hello?\"}}\n"
      "  read: {in: {text: \"@word.txt\"}, out: {loud: file!}}\n"
      "  refused: {params: {mark: x}, in: {text: a}, error: {code: M0026, message: the choices are}}\n");
  INFO(said.out << said.err);
  CHECK(said.status == 0);
  CHECK(said.err.empty());
  CHECK(said.out.find("4 cases, all as expected\n") != std::string::npos);
}

TEST_CASE("test: numbers that differ are told with their tolerance") {
  Tested tested;
  const Said said = tested.run(
      "  near: {in: {text: Hello}, out: {y: {value: [[0.1, 9], [-.inf, .nan]], tolerance: 0.5}}}\n"
      "  exact: {in: {text: Hello}, out: {ids: [7, 12]}}\n"
      "  code: {params: {mark: x}, in: {text: a}, error: {code: M0001}}\n"
      "  bare: {out: {loud: a!}}\n");
  INFO(said.out << said.err);
  CHECK(said.status == 1);
  CHECK(said.out.find("y[0][1]: -3, wanted 9, or at most 0.5 from it\n") != std::string::npos);
  CHECK(said.out.find("ids[1]: 11, wanted 12\n") != std::string::npos);
  CHECK(said.out.find("the error is another one, wanted M0001\n") != std::string::npos);
  CHECK(said.out.find("input 'text' is missing\n           help: add it to the case's 'in:'\n") != std::string::npos);
}

TEST_CASE("test: of many differences the first ten are told, and how many there are beside") {
  TemporaryFolder folder;
  const std::string pipeline = folder
                                   .write("p.yaml", R"(motet: 1
inputs: {x: "f32[T, 12]"}
stages: {y: {use: retrieval.pool, with: {normalize: false}, in: inputs.x}}
outputs: {y: y}
)")
                                   .string();
  folder.write("p.test.yaml", R"(motet-test: 1
cases:
  right: {in: {x: [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]]}, out: {y: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]}}
  wrong: {in: {x: [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]]}, out: {y: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]}}
)");
  const Said said = motet_alone({"test", pipeline, "--device", "cpu"});
  INFO(said.out << said.err);
  CHECK(said.out.find("        y[9]: 10, wanted 0\n        and 2 more\n2 cases, 1 not as expected\n") !=
        std::string::npos);
}

TEST_CASE("test: what differs is told, and ends with 1") {
  Tested tested;
  const Said said = tested.run(
      "  plain: {in: {text: Hello}, out: {loud: Hallo!}}\n"
      "  well: {in: {text: Hello}, error: went wrong}\n"
      "  other: {params: {mark: x}, in: {text: a}, error: another}\n"
      "  failed: {params: {mark: x}, in: {text: a}, out: {loud: a}}\n"
      "  fine: {in: {text: a}, out: {loud: a!}}\n");
  INFO(said.out << said.err);
  CHECK(said.status == 1);
  CHECK(said.out.find("loud: 'Hello!', wanted 'Hallo!'") != std::string::npos);
  CHECK(said.out.find("p.test.yaml:3:3") != std::string::npos);
  CHECK(said.out.find("the run went well, wanted an error: went wrong") != std::string::npos);
  CHECK(said.out.find("the error is another one, wanted 'another'") != std::string::npos);
  CHECK(said.out.find("error[M0026]") != std::string::npos);
  CHECK(said.out.find("5 cases, 4 not as expected\n") != std::string::npos);
}

TEST_CASE("test: numbers differ by the tolerance at most") {
  Tested tested;
  const json run = json::parse(tested.run("  a: {in: {text: x}, out: {y: 0}}\n", {"--json"}).out);
  CHECK(run["failed"] == 1);
  const std::string shape = run["cases"][0]["differences"][0].get<std::string>();
  CHECK(shape.find("a list of") != std::string::npos);  // a tensor is no number
  std::vector<std::string> run_words = motet_words(
      {"run", tested.pipeline, "--plugins", MOTET_BINARY_DIR "/tests/cli_plugins", "--in", "text=x", "--json"});
  const json outputs = json::parse(Command(run_words).finish().out)["items"][0]["outputs"];
  const auto with = [&](json y, const std::string& tolerance) {
    return tested.run("  a: {in: {text: x}, out: {y: {value: " + y.dump() + ", tolerance: " + tolerance +
                      "}, ids: " + outputs["ids"].dump() + "}}\n");
  };
  json near = outputs["y"];
  REQUIRE(near.is_array());
  json* first = &near;
  while (first->is_array()) first = &first->front();
  *first = first->get<double>() + 0.01;
  CHECK(with(outputs["y"], "0").status == 0);
  CHECK(with(near, "0.02").status == 0);
  CHECK(with(near, "0.001").status == 1);
  near.push_back(1);
  CHECK(with(near, "0.02").status == 1);
}

TEST_CASE("test: JSON says the same") {
  Tested tested;
  const Said said = tested.run(
      "  a: {in: {text: x}, out: {loud: x!}}\n"
      "  b: {params: {mark: x}, in: {text: x}, out: {loud: y}}\n",
      {"--json"});
  CHECK(said.status == 1);
  const json report = json::parse(said.out);
  CHECK(report["passed"] == 1);
  CHECK(report["failed"] == 1);
  CHECK(report["device"] == "cpu");
  CHECK(report["cases"][0]["passed"] == true);
  CHECK(report["cases"][1]["name"] == "b");
  CHECK(report["cases"][1]["differences"][0] == "the run failed");
  CHECK(report["cases"][1]["error"].get<std::string>().find("M0026") != std::string::npos);
}

TEST_CASE("test: one case alone, and what must be given") {
  Tested tested;
  const std::string cases = "  a: {in: {text: x}, out: {loud: y}}\n  good: {in: {text: x}, out: {loud: x!}}\n";
  CHECK(tested.run(cases, {"--only", "good"}).status == 0);
  const Said unknown = tested.run(cases, {"--only", "god"});
  CHECK(unknown.status == 2);
  CHECK(unknown.err.find("did you mean 'good'?") != std::string::npos);
  const Said needs = tested.run(cases, {}, "needs: {mark: a sign}\n");
  CHECK(needs.status == 2);
  CHECK(needs.err.find("the tests need --set mark=...") != std::string::npos);
  CHECK(needs.err.find("a sign") != std::string::npos);
  CHECK(tested.run("  a: {in: {text: x}, out: {loud: \"x?\"}}\n", {"--set", "mark=?"}, "needs: {mark: a sign}\n")
            .status == 0);
}

TEST_CASE("test: tests that are wrong end with 2 and their place") {
  Tested tested;
  const Said output = tested.run("  a: {in: {text: x}, out: {lout: y}}\n");
  CHECK(output.status == 2);
  CHECK(output.err.find("p.test.yaml:3:28: error[M0031]: the pipeline has no output 'lout'") != std::string::npos);
  CHECK(output.err.find("did you mean 'loud'?") != std::string::npos);
  CHECK(tested.run("  a: {in: {texts: x}, out: {loud: y}}\n").err.find("p.test.yaml:3:12: error[M0031]") !=
        std::string::npos);
  CHECK(tested.run("  a: {in: {text: x}}\n").err.find("p.test.yaml:3:3: error[M0030]") != std::string::npos);
  const Said json_said = tested.run("  a: 1\n", {"--json"});
  CHECK(json_said.status == 2);
  CHECK(json::parse(json_said.out)["errors"][0]["line"] == 3);
  std::filesystem::remove(tested.folder.path() / "p.test.yaml");
  const Said none = Command(motet_words({"test", tested.pipeline})).finish();
  CHECK(none.status == 2);
  CHECK(none.err.find("the pipeline has no tests") != std::string::npos);
}

TEST_CASE("test: an input that cannot be read fails its case") {
  Tested tested;
  const Said said = tested.run("  a: {in: {text: \"@none.txt\"}, out: {loud: y}}\n  b: {in: {}, error: is missing}\n");
  CHECK(said.status == 1);
  CHECK(said.out.find("none.txt") != std::string::npos);
  CHECK(said.out.find("2 cases, 1 not as expected") != std::string::npos);
}
