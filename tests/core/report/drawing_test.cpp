// Drawings: what they say survives every format, and boxes do not lie on each other.
#include "report/drawing.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "report/layers.hpp"
#include "support/catch.hpp"

using namespace motet;
using report::Drawing;

namespace {

Drawing hard() {
  Drawing out;
  out.name = "a \"b\" <c> & \\d";
  out.summary = "2 < 3";
  out.islands = {"one"};
  out.boxes = {{Drawing::Way::input, "x", "text", true, -1, {}},
               {Drawing::Way::host, "h<\"1\">", "t.host", false, -1, {}},
               {Drawing::Way::generator, "g", "t.gen", false, 0, {{"slot", "t.fill"}}},
               {Drawing::Way::output, "y", "text", false, -1, {}}};
  out.edges = {{0, 1, "", "", "text"}, {1, 2, "", "p", "f32[T, 2]"}, {0, 2, "", "q", "text"}, {2, 3, "o", "", "text"}};
  return out;
}

}  // namespace

TEST_CASE("drawings: each format escapes what would end its own quotes") {
  const Drawing drawing = hard();
  const std::string dot = report::dot_text(drawing);
  CHECK(dot.find("digraph \"a \\\"b\\\" <c> & \\\\d\" {") == 0);
  CHECK(dot.find("label=\"h<\\\"1\\\">\\nt.host\"") != dot.npos);
  const std::string mermaid = report::mermaid_text(drawing);
  CHECK(mermaid.find("[\"h<#quot;1#quot;><br>t.host\"]") != mermaid.npos);
  CHECK(mermaid.find("x<br>text, once") != mermaid.npos);
  const std::string svg = report::svg_text(drawing);
  CHECK(svg.find("h&lt;&quot;1&quot;&gt;") != svg.npos);
  CHECK(svg.find("a &quot;b&quot; &lt;c&gt; &amp; \\d") != svg.npos);
  CHECK(svg.find("h<\"1\">") == svg.npos);
  const auto data = nlohmann::json::parse(report::drawing_json(drawing));
  CHECK(data["name"] == drawing.name);
  CHECK(data["boxes"][2]["slots"][0]["type"] == "t.fill");
  CHECK(data["edges"][1] ==
        nlohmann::json::parse(R"({"from":1,"from_port":"","to":2,"to_port":"p","type":"f32[T, 2]"})"));
}

TEST_CASE("drawings: nothing to draw is drawn all the same") {
  const Drawing nothing;
  CHECK(report::svg_text(nothing).ends_with("</svg>\n"));
  CHECK(report::dot_text(nothing).ends_with("}\n"));
  CHECK(report::mermaid_text(nothing) == "flowchart TD\n");
}

TEST_CASE("layout: later nodes stand lower, and no two overlap") {
  // A chain, a fan, and edges that cross layers; widths differ.
  std::vector<report::LayerNode> nodes;
  std::vector<std::pair<std::size_t, std::size_t>> edges;
  for (std::size_t i = 0; i < 24; ++i)
    nodes.push_back({40.0 + 13.0 * static_cast<double>(i % 5), 30.0 + static_cast<double>(i % 3), i == 3});
  for (std::size_t i = 1; i < nodes.size(); ++i) {
    edges.emplace_back((i - 1) / 3, i);
    if (i % 7 == 0) edges.emplace_back(i / 5, i);
  }
  const report::Layout layout = report::lay_out(nodes, edges, 20, 30);
  REQUIRE(layout.centers.size() == nodes.size());
  REQUIRE(layout.bends.size() == edges.size());
  for (const auto& [from, to] : edges) CHECK(layout.centers[from].y < layout.centers[to].y);
  for (std::size_t a = 0; a < nodes.size(); ++a) {
    CHECK(layout.centers[a].x - nodes[a].width / 2 >= -1e-6);
    CHECK(layout.centers[a].x + nodes[a].width / 2 <= layout.width + 1e-6);
    CHECK(layout.centers[a].y + nodes[a].height / 2 <= layout.height + 1e-6);
    for (std::size_t b = 0; b < a; ++b) {
      const bool apart =
          std::abs(layout.centers[a].x - layout.centers[b].x) >= (nodes[a].width + nodes[b].width) / 2 - 1e-6 ||
          std::abs(layout.centers[a].y - layout.centers[b].y) >= (nodes[a].height + nodes[b].height) / 2 - 1e-6;
      INFO(a << " and " << b);
      CHECK(apart);
    }
  }
}
