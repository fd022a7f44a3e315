// A graph as boxes and edges, and the ways to write it down.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "graph/graph.hpp"

namespace motet::report {

struct Drawing {
  enum class Way { input, output, host, tensor, generator };
  struct Slot {
    std::string name;  // "cross_attention"; within another filler "text.normalizer"
    std::string type;
  };
  struct Box {
    Way way = Way::host;
    std::string name;
    std::string type;  // the stage type; of inputs and outputs the value's
    bool once = false;
    int island = -1;
    std::vector<Slot> slots;
    int stage = -1;      // of the graph; -1: an end
    std::string link{};  // where a click leads, in a page
  };
  struct Edge {
    std::size_t from = 0, to = 0;    // boxes
    std::string from_port, to_port;  // empty: the only one
    std::string type;                // "f32[B, T, 288]"
  };
  std::string name;
  std::string summary;
  std::vector<Box> boxes;  // each after those it takes values from
  std::vector<Edge> edges;
  std::vector<std::string> islands;
};

struct IslandStages {
  std::string name;
  std::vector<int> stages;  // of the graph, the generator too
};

bool is_end(const Drawing::Box& box);            // an input or output of the pipeline
std::string type_text(const Drawing::Box& box);  // "text[], once"
std::string_view way_name(Drawing::Way way);     // "generator"
// Sizes without the stage that they come from: "f32[B, T, 288]" for "f32[B, encoder.T, 288]".
std::string type_words(const graph::EdgeType& type, const graph::Graph& graph);

Drawing draw(const graph::Graph& graph, const std::vector<IslandStages>& islands);

std::string dot_text(const Drawing& drawing);      // Graphviz
std::string mermaid_text(const Drawing& drawing);  // a flowchart
std::string svg_text(const Drawing& drawing);      // laid out in layers, top to bottom
// {"name", "boxes": [{"way", "name", "type", "once", "island", "slots": [{"name", "type"}]}], "edges": [{"from",
// "from_port", "to", "to_port", "type"}], "islands": [name]}; "from" and "to" count boxes, "island" islands.
std::string drawing_json(const Drawing& drawing);

}  // namespace motet::report
