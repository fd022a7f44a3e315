#include "spec/expand.hpp"

#include <cstdlib>
#include <filesystem>

#include "base/error.hpp"
#include "base/render.hpp"
#include "spec/document.hpp"
#include "spec/params.hpp"
#include "support/catch.hpp"

using namespace motet;

namespace {

// Paths come out absolute, so that they mean the same wherever they are read.
std::string from_here(const char* path) { return std::filesystem::absolute(path).string(); }

constexpr const char* kPipeline = R"(motet: 1
name: p
params:
  model: {type: path, default: models/a}
  n: {type: int, default: 3, min: 1, max: 9}
  x: {type: float, default: 0.1}
  on: {type: bool, default: false}
  who: {type: string, default: "7"}
  kind: {type: enum, choices: [small, large], default: small}
  labels: {type: "text[]", default: [a, "b c"]}
  paths: {type: "path[]", default: [u, /v]}
  both: {type: text, default: "${who}-${n}"}
weights: {w: "${model}/w.gguf"}
stages:
  a:
    use: "t.${kind}"
    with:
      n: "${n}"
      x: ${x}
      on: "${on}"
      who: "${who}"
      labels: "${labels}"
      text: "n is ${n}, x is ${x}, on is ${on}, ${both}"
      deep: [1, {k: "${n}"}, "${labels}"]
      literal: "$${n} $$ $n"
      plain: 12
      env: "${env:MOTET_TEST_SET}"
      other: "${env:MOTET_TEST_UNSET:-de:-fault}"
      empty: "${env:MOTET_TEST_EMPTY:-full}"
      really_empty: "${env:MOTET_TEST_EMPTY}"
      joined: "${env:MOTET_TEST_SET}0"
    weights: {from: "${who}", prefix: "${both}."}
    slots: {s: {use: y, with: {n: "${n}"}}}
  b: {include: "../${kind}", with: {n: "${n}"}}
outputs: {o: a}
)";

spec::PipelineSpec pipeline(const std::string& text = kPipeline) {
  base::Diagnostics diagnostics;
  const auto document = spec::parse_document(spec::check_source("dir/p.yaml", text, diagnostics), diagnostics);
  REQUIRE(document);
  spec::PipelineSpec out = spec::parse_pipeline(*document, "dir/p.yaml", diagnostics);
  INFO(base::render(diagnostics, false));
  REQUIRE(diagnostics.empty());
  return out;
}

spec::Expanded expand(const spec::GivenParams& given, base::Diagnostics& diagnostics) {
  ::setenv("MOTET_TEST_SET", "42", 1);
  ::setenv("MOTET_TEST_EMPTY", "", 1);
  ::unsetenv("MOTET_TEST_UNSET");
  return spec::expand(pipeline(), given, diagnostics);
}

const spec::Node& argument(const spec::StageSpec& stage, const std::string& name) {
  for (const spec::Argument& a : stage.with) {
    if (a.name.text == name) return a.value;
  }
  FAIL("no argument " << name);
  return stage.with.front().value;
}

spec::GivenParams set(const std::vector<std::string>& texts) {
  spec::GivenParams out;
  for (const std::string& text : texts) out.insert(spec::parse_set(text));
  return out;
}

}  // namespace

TEST_CASE("a scalar that is one parameter keeps its type, anything else is text") {
  base::Diagnostics diagnostics;
  const spec::Expanded out = expand({}, diagnostics);
  INFO(base::render(diagnostics, false));
  REQUIRE(diagnostics.empty());
  const spec::StageSpec& a = out.pipeline.stages[0];
  CHECK(a.use.text == "t.small");
  CHECK(spec::as_int(argument(a, "n")) == 3);
  CHECK(spec::as_float(argument(a, "x")) == 0.1);
  CHECK(spec::as_bool(argument(a, "on")) == false);
  CHECK(argument(a, "who").text == "7");
  CHECK_FALSE(spec::as_int(argument(a, "who")));  // a string that looks like a number stays one
  REQUIRE(argument(a, "labels").is_list());
  CHECK(argument(a, "labels").items[1].text == "b c");
  CHECK(argument(a, "text").text == "n is 3, x is 0.1, on is false, 7-3");
  CHECK(argument(a, "text").quoted);
  CHECK(spec::as_int(*argument(a, "deep").items[1].find("k")) == 3);
  CHECK(argument(a, "deep").items[2].items.size() == 2);
  CHECK(argument(a, "literal").text == "${n} $$ $n");
  CHECK(spec::as_int(argument(a, "plain")) == 12);
  CHECK(a.weights->from.text == "7");
  CHECK(a.weights->prefix.text == "7-3.");
  CHECK(spec::as_int(a.slots[0].with[0].value) == 3);
  CHECK(out.pipeline.stages[1].include.text == "../small");
  CHECK(out.pipeline.weights[0].path.text == from_here("dir/models/a/w.gguf"));
  CHECK(argument(a, "n").place.text() == "dir/p.yaml:18:10");  // places stay where they were written
}

TEST_CASE("the environment is untyped alone, text in company, and has defaults as a shell has") {
  base::Diagnostics diagnostics;
  const spec::Expanded out = expand({}, diagnostics);
  const spec::StageSpec& a = out.pipeline.stages[0];
  CHECK(spec::as_int(argument(a, "env")) == 42);
  CHECK(argument(a, "other").text == "de:-fault");
  CHECK(argument(a, "empty").text == "full");
  CHECK(argument(a, "really_empty").text.empty());
  CHECK(argument(a, "joined").text == "420");
  CHECK_FALSE(spec::as_int(argument(a, "joined")));
}

TEST_CASE("values are typed by the declaration") {
  base::Diagnostics diagnostics;
  const spec::Expanded out = expand(
      set({"n=9", "x=2", "on=true", "who=true", "labels=[1, two, \"3, 4\"]", "model=here", "kind=large", "paths=[p]"}),
      diagnostics);
  INFO(base::render(diagnostics, false));
  REQUIRE(diagnostics.empty());
  using V = spec::ParamValue;
  CHECK(out.values.at("n") == V{std::int64_t{9}});
  CHECK(out.values.at("x") == V{2.0});
  CHECK(out.values.at("on") == V{true});
  CHECK(out.values.at("who") == V{std::string("true")});
  CHECK(out.values.at("labels") == V{std::vector<V>{{std::string("1")}, {std::string("two")}, {std::string("3, 4")}}});
  CHECK(out.values.at("both") == V{std::string("true-9")});
  CHECK(out.values.at("model") == V{from_here("here")});  // from the command line: from the working directory
  CHECK(out.values.at("paths") == V{std::vector<V>{{from_here("p")}}});
}

namespace {
std::string absolute(const char* path) { return std::filesystem::absolute(path).string(); }
}  // namespace

TEST_CASE("default paths start at the pipeline's folder, given ones at theirs") {
  base::Diagnostics diagnostics;
  CHECK(expand({}, diagnostics).values.at("model") == spec::ParamValue{absolute("dir/models/a")});
  CHECK(expand({}, diagnostics).values.at("paths") ==
        spec::ParamValue{std::vector<spec::ParamValue>{{absolute("dir/u")}, {std::string("/v")}}});
  spec::GivenParams given;
  given["model"].value = spec::Node::scalar("../m", false);
  given["model"].folder = "other/folder";
  CHECK(expand(given, diagnostics).values.at("model") == spec::ParamValue{absolute("other/m")});
  CHECK(diagnostics.empty());
}

TEST_CASE("given values are never searched for ${") {
  base::Diagnostics diagnostics;
  const spec::Expanded out = expand(set({"who=${n} ${nothing}"}), diagnostics);
  CHECK(diagnostics.empty());
  CHECK(argument(out.pipeline.stages[0], "who").text == "${n} ${nothing}");
}

TEST_CASE("given values that do not fit are shown where they were given") {
  base::Diagnostics diagnostics;
  expand(set({"n=1.5", "x=fast", "kind=huge", "labels=a", "mode1=x", "on=yes"}), diagnostics);
  CHECK(base::render(diagnostics, false) ==
        "--set:1:1: error[M0027]: the pipeline 'p' has no parameter 'mode1'\n"
        "    1 | mode1=x\n"
        "      | ^~~~~\n"
        "   help: did you mean 'model'?\n"
        "--set:1:3: error[M0025]: the parameter 'n' is '1.5', wanted an int\n"
        "    1 | n=1.5\n"
        "      |   ^~~\n"
        "   help: write a whole number, such as 1\n"
        "--set:1:3: error[M0025]: the parameter 'x' is 'fast', wanted a float\n"
        "    1 | x=fast\n"
        "      |   ^~~~\n"
        "   help: write a number, such as 0.5\n"
        "--set:1:4: error[M0025]: the parameter 'on' is 'yes', wanted true or false\n"
        "    1 | on=yes\n"
        "      |    ^~~\n"
        "   help: write true or false\n"
        "--set:1:6: error[M0026]: the parameter 'kind' is 'huge', the choices are small, large\n"
        "    1 | kind=huge\n"
        "      |      ^~~~\n"
        "      |   declared here (dir/p.yaml:9:3)\n"
        "--set:1:8: error[M0025]: the parameter 'labels' is 'a', wanted a list of texts\n"
        "    1 | labels=a\n"
        "      |        ^\n"
        "   help: write a list, such as [a, b]\n");
  base::Diagnostics range;
  expand(set({"n=10"}), range);
  REQUIRE(range.size() == 1);
  CHECK(range.list()[0].code == "M0026");
  CHECK(range.list()[0].message == "the parameter 'n' is 10, the most is 9");
}

TEST_CASE("a value from --set needs name=value") {
  CHECK(spec::parse_set("a=").second.value.text.empty());
  CHECK(spec::parse_set("a=b=c").second.value.text == "b=c");
  for (const char* text : {"", "a", "=b", "a b=c", "a=\xFF"}) CHECK_THROWS_AS(spec::parse_set(text), base::Error);
}

TEST_CASE("values read back as what they were") {
  using V = spec::ParamValue;
  spec::ParamSpec number;
  number.type = spec::ParamType::floating;
  for (double x : {0.1, 1e-300, -2.5e10, 3.0, 123456789.123}) {
    CHECK(spec::typed(number, spec::to_node(V{x}, {})) == V{x});
  }
  CHECK(spec::number_text(0.7) == "0.7");
}
