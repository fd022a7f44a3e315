// motet graph: the same picture in four ways.
#include <nlohmann/json.hpp>

#include "base/mapped_file.hpp"
#include "core/cli/motet.hpp"

using namespace motet::test;
using nlohmann::json;

namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("graph: json has each box, edge and island") {
  const TemporaryFolder folder;
  const json drawn = json::parse(well(motet_little({"graph", counting(folder), "--format", "json"})));
  CHECK(drawn["name"] == "counting");
  std::vector<std::string> boxes;
  for (const json& box : drawn["boxes"])
    boxes.push_back(box["way"].get<std::string>() + " " + box["name"].get<std::string>());
  CHECK(boxes == std::vector<std::string>{"input text", "input prompt", "host codes", "tensor encoder",
                                          "generator words", "output tokens", "output pooled"});
  CHECK(drawn["boxes"][4]["slots"] == json::parse(R"([{"name": "mix", "type": "little.mix"}])"));
  CHECK(drawn["islands"] == json::parse(R"(["encoder+words"])"));
  CHECK(drawn["boxes"][3]["island"] == 0);
  CHECK_FALSE(drawn["boxes"][2].contains("island"));
  REQUIRE(drawn["edges"].size() == 6);
  bool into_slot = false;
  for (const json& edge : drawn["edges"]) {
    CHECK(edge["from"].get<std::size_t>() < edge["to"].get<std::size_t>());
    into_slot = into_slot || (edge["from_port"] == "hidden" && edge["to_port"] == "mix.memory");
  }
  CHECK(into_slot);
  CHECK(json::parse(well(motet_little({"graph", counting(folder), "--json"}))) == drawn);
}

TEST_CASE("graph: dot for Graphviz") {
  const TemporaryFolder folder;
  const std::string dot = well(motet_little({"graph", counting(folder), "--format", "dot"}));
  CHECK(dot.starts_with("digraph \"counting\" {\n"));
  CHECK(dot.ends_with("}\n"));
  CHECK(count(dot, "{") == count(dot, "}"));
  CHECK(count(dot, " -> ") == 6);
  CHECK(count(dot, "subgraph cluster_") == 1);
  CHECK(dot.find("[label=\"words\\nlittle.decode\\n[mix: little.mix]\"]") != dot.npos);
  CHECK(dot.find("shape=oval") != dot.npos);
}

TEST_CASE("graph: mermaid") {
  const TemporaryFolder folder;
  const std::string text = well(motet_little({"graph", counting(folder), "--format", "mermaid"}));
  CHECK(text.starts_with("flowchart TD\n"));
  CHECK(count(text, " --> ") == 6);
  CHECK(text.find("subgraph island0[\"encoder+words\"]") != text.npos);
  CHECK(text.find("[\"words<br>little.decode<br>[mix: little.mix]\"]") != text.npos);
}

TEST_CASE("graph: svg is the default, and to a file it is the same") {
  const TemporaryFolder folder;
  const std::string svg = well(motet_little({"graph", counting(folder)}));
  CHECK(svg.starts_with("<svg "));
  CHECK(svg.ends_with("</svg>\n"));
  CHECK(count(svg, "class=\"edge\"") == 6);
  CHECK(svg.find(">Counts &amp; hears.<") != svg.npos);
  for (const char* name : {">codes<", ">encoder<", ">words<", ">little.decode<", ">mix<", ">pooled<"})
    CHECK(svg.find(name) != svg.npos);
  const std::string file = (folder.path() / "picture.svg").string();
  CHECK(well(motet_little({"graph", counting(folder), "--out", file})).empty());
  CHECK(motet::base::read_file(file) == svg);
}

TEST_CASE("graph: what it cannot do") {
  const TemporaryFolder folder;
  const Said format = motet_little({"graph", counting(folder), "--format", "png"});
  CHECK(format.err == "motet: error: there is no format 'png'\n   help: known: svg, dot, mermaid, json, html\n");
  CHECK(format.status == 2);
  const Said out = motet_little({"graph", counting(folder), "--out", "/dev/null/picture.svg"});
  CHECK(out.err == "motet: error: /dev/null/picture.svg: cannot be written: Not a directory\n");
  CHECK(out.out.empty());
  CHECK(out.status == 3);
  CHECK(motet_little({"graph", "/nowhere.yaml"}).status == 2);
}

TEST_CASE("graph: html is one page with every stage") {
  const TemporaryFolder folder;
  const std::string page = well(motet_little({"graph", counting(folder), "--format", "html"}));
  CHECK(page.starts_with("<!doctype html>\n"));
  CHECK(page.ends_with("</html>\n"));
  for (const char* stage : {"codes", "encoder", "words"}) {
    CHECK(count(page, "<details id=\"stage-" + std::string(stage) + "\"") == 1);
    CHECK(count(page, "<a href=\"#stage-" + std::string(stage) + "\">") == 1);
  }
  CHECK(count(page, "<details") == count(page, "</details>"));
  CHECK(count(page, "<table>") == count(page, "</table>"));
  CHECK(page.find("<b>mix</b> <code>little.mix</code>") != page.npos);  // what fills a slot
  CHECK(page.find("Counts &amp; hears.") != page.npos);
  CHECK(page.find("from encoder.hidden") != page.npos);
  CHECK(page.find("last run") == page.npos);
  // Nothing is fetched: the only address is the name of SVG's language.
  CHECK(count(page, "http") == count(page, "http://www.w3.org/2000/svg"));
  CHECK(count(page, "src=") == 0);
}

TEST_CASE("graph: html shows the timing of a run") {
  const TemporaryFolder folder;
  const std::string pipeline = counting(folder);
  const std::string run =
      well(motet_little({"run", pipeline, "--in", "text=abc", "--in", "prompt=[1, 2]", "--json", "--device", "cpu"}));
  const std::string file = folder.write("run.json", run).string();
  const std::string page = well(motet_little({"graph", pipeline, "--format", "html", "--timings", file}));
  CHECK(page.find("last run:") != page.npos);
  CHECK(page.find("the median of") != page.npos);
  CHECK(count(page, "class=\"time\"") >= 3);
  const Said wrong =
      motet_little({"graph", pipeline, "--format", "html", "--timings", folder.write("a.json", "{}").string()});
  CHECK(wrong.status == 2);
  CHECK(wrong.err.find("is not what a run says of itself") != wrong.err.npos);
  CHECK(motet_little({"graph", pipeline, "--timings", file}).status == 2);
  CHECK(motet_little({"graph", pipeline, "--format", "html", "--timings", "/none"}).status == 2);
}
