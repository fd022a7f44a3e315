#include "report/drawing.hpp"

#include <map>

#include "report/json.hpp"

namespace motet::report {
namespace {

using nlohmann::ordered_json;

class Draftsman {
 public:
  Draftsman(const graph::Graph& graph, const std::vector<IslandStages>& islands) : graph_(graph) {
    out_.name = graph.name;
    out_.summary = graph.summary;
    for (const IslandStages& island : islands) {
      for (int stage : island.stages) island_of_[stage] = static_cast<int>(out_.islands.size());
      out_.islands.push_back(island.name);
    }
  }

  Drawing run() {
    for (std::size_t i = 0; i < graph_.inputs.size(); ++i) {
      out_.boxes.push_back({Drawing::Way::input,
                            graph_.inputs[i].name,
                            type_words(graph_.input_types[i], graph_),
                            graph_.inputs[i].once,
                            -1,
                            {},
                            -1,
                            {}});
    }
    for (std::size_t s = 0; s < graph_.stages.size(); ++s) {
      if (graph_.stages[s].owner < 0) add_stage(static_cast<int>(s));
    }
    for (const graph::Output& output : graph_.outputs) {
      out_.boxes.push_back(
          {Drawing::Way::output, output.name, type_words(graph_.type(output.source), graph_), false, -1, {}, -1, {}});
      connect(output.source, out_.boxes.size() - 1, "");
    }
    return std::move(out_);
  }

 private:
  const graph::Stage& stage(int at) const { return graph_.stages[static_cast<std::size_t>(at)]; }

  void add_stage(int at) {
    const graph::Stage& one = stage(at);
    Drawing::Box box{one.way == graph::Way::generator ? Drawing::Way::generator
                     : one.way == graph::Way::tensor  ? Drawing::Way::tensor
                                                      : Drawing::Way::host,
                     one.name,
                     one.type->id,
                     one.once,
                     -1,
                     {},
                     at,
                     {}};
    if (const auto island = island_of_.find(at); island != island_of_.end()) box.island = island->second;
    box_of_[at] = out_.boxes.size();
    out_.boxes.push_back(std::move(box));
    connect_inputs(at, at, "");
    add_slots(at, at, "");
  }

  void add_slots(int owner, int at, const std::string& prefix) {
    for (const auto& [slot, filler] : stage(at).slots) {
      out_.boxes[box_of_[owner]].slots.push_back({prefix + slot, stage(filler).type->id});
      connect_inputs(owner, filler, prefix + slot + ".");
      add_slots(owner, filler, prefix + slot + ".");
    }
  }

  // Edges of a stage or of a filler in its slots; all end at the stage's box.
  void connect_inputs(int owner, int at, const std::string& prefix) {
    const graph::Stage& one = stage(at);
    for (std::size_t i = 0; i < one.inputs.size(); ++i) {
      const bool only = prefix.empty() && one.type->inputs.size() == 1;
      if (one.inputs[i]) connect(*one.inputs[i], box_of_[owner], only ? "" : prefix + one.type->inputs[i].name);
    }
  }

  void connect(const graph::Source& source, std::size_t to, std::string to_port) {
    Drawing::Edge edge{0, to, {}, std::move(to_port), type_words(graph_.type(source), graph_)};
    if (source.stage < 0) {
      edge.from = static_cast<std::size_t>(source.port);
    } else {
      edge.from = box_of_[source.stage];
      const auto& ports = stage(source.stage).type->outputs;
      if (ports.size() > 1) edge.from_port = ports[static_cast<std::size_t>(source.port)].name;
    }
    out_.edges.push_back(std::move(edge));
  }

  const graph::Graph& graph_;
  Drawing out_;
  std::map<int, int> island_of_;
  std::map<int, std::size_t> box_of_;
};

// For both Graphviz and Mermaid, inside double quotes.
std::string quoted(std::string_view text, std::string_view line_break, std::string_view quote) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '\n') {
      out += line_break;
    } else if (c == '"') {
      out += quote;
    } else {
      out += c == '\\' ? std::string("\\\\") : std::string(1, c);
    }
  }
  return out + "\"";
}

std::string box_label(const Drawing::Box& box) {
  std::string out = box.name + "\n" + type_text(box);
  for (const Drawing::Slot& slot : box.slots) out += "\n[" + slot.name + ": " + slot.type + "]";
  return out;
}

// Each island with its boxes between open(island) and `close`, then the boxes outside them.
template <class Open, class Node>
std::string boxes_text(const Drawing& drawing, Open open, Node node, const char* close) {
  std::string out;
  for (std::size_t island = 0; island < drawing.islands.size(); ++island) {
    out += open(island);
    for (std::size_t i = 0; i < drawing.boxes.size(); ++i) {
      if (drawing.boxes[i].island == static_cast<int>(island)) out += "  " + node(i);
    }
    out += close;
  }
  for (std::size_t i = 0; i < drawing.boxes.size(); ++i) {
    if (drawing.boxes[i].island < 0) out += node(i);
  }
  return out;
}

std::string edge_label(const Drawing::Edge& edge) {
  std::string out = edge.type;
  if (!edge.from_port.empty()) out = edge.from_port + "\n" + out;
  if (!edge.to_port.empty()) out += "\n" + edge.to_port;
  return out;
}

}  // namespace

std::string_view way_name(Drawing::Way way) {
  switch (way) {
    case Drawing::Way::input:
      return "input";
    case Drawing::Way::output:
      return "output";
    case Drawing::Way::host:
      return "host";
    case Drawing::Way::tensor:
      return "tensor";
    case Drawing::Way::generator:
      return "generator";
  }
  return "unknown";
}

bool is_end(const Drawing::Box& box) { return box.way == Drawing::Way::input || box.way == Drawing::Way::output; }

std::string type_words(const graph::EdgeType& type, const graph::Graph& graph) {
  std::string out;
  std::size_t word = 0;
  for (char c : graph::text(type, graph.symbols)) {
    if (c == '.') {
      out.resize(word);
      continue;
    }
    out += c;
    if (c == '[' || c == ' ') word = out.size();
  }
  return out;
}

std::string type_text(const Drawing::Box& box) { return box.type + (box.once ? ", once" : ""); }

Drawing draw(const graph::Graph& graph, const std::vector<IslandStages>& islands) {
  return Draftsman(graph, islands).run();
}

std::string dot_text(const Drawing& drawing) {
  const auto quote = [](std::string_view text) { return quoted(text, "\\n", "\\\""); };
  const auto node = [&](std::size_t i) {
    const Drawing::Box& box = drawing.boxes[i];
    return "  n" + std::to_string(i) + " [label=" + quote(box_label(box)) + (is_end(box) ? ", shape=oval" : "") +
           "];\n";
  };
  std::string out = "digraph " + quote(drawing.name) +
                    " {\n  graph [fontname=\"sans-serif\", fontsize=11];\n"
                    "  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n"
                    "  edge [fontname=\"sans-serif\", fontsize=10];\n";
  const auto open = [&](std::size_t island) {
    return "  subgraph cluster_" + std::to_string(island) + " {\n  label=" + quote(drawing.islands[island]) +
           "; style=filled; color=\"#e7f3f1\";\n";
  };
  out += boxes_text(drawing, open, node, "  }\n");
  for (const Drawing::Edge& edge : drawing.edges) {
    out += "  n" + std::to_string(edge.from) + " -> n" + std::to_string(edge.to) +
           " [label=" + quote(edge_label(edge)) + "];\n";
  }
  return out + "}\n";
}

std::string mermaid_text(const Drawing& drawing) {
  const auto quote = [](std::string_view text) { return quoted(text, "<br>", "#quot;"); };
  const auto node = [&](std::size_t i) {
    const Drawing::Box& box = drawing.boxes[i];
    return "  n" + std::to_string(i) + (is_end(box) ? "([" : "[") + quote(box_label(box)) + (is_end(box) ? "])" : "]") +
           "\n";
  };
  std::string out = "flowchart TD\n";
  const auto open = [&](std::size_t island) {
    return "  subgraph island" + std::to_string(island) + "[" + quote(drawing.islands[island]) + "]\n";
  };
  out += boxes_text(drawing, open, node, "  end\n");
  for (const Drawing::Edge& edge : drawing.edges) {
    out += "  n" + std::to_string(edge.from) + " -- " + quote(edge_label(edge)) + " --> n" + std::to_string(edge.to) +
           "\n";
  }
  return out;
}

std::string drawing_json(const Drawing& drawing) {
  ordered_json out{{"name", drawing.name},
                   {"boxes", ordered_json::array()},
                   {"edges", ordered_json::array()},
                   {"islands", drawing.islands}};
  for (const Drawing::Box& box : drawing.boxes) {
    ordered_json slots = ordered_json::array();
    for (const Drawing::Slot& slot : box.slots) slots.push_back({{"name", slot.name}, {"type", slot.type}});
    ordered_json one{{"way", way_name(box.way)}, {"name", box.name}, {"type", box.type}, {"once", box.once}};
    if (box.island >= 0) one["island"] = box.island;
    one["slots"] = std::move(slots);
    out["boxes"].push_back(std::move(one));
  }
  for (const Drawing::Edge& edge : drawing.edges) {
    out["edges"].push_back({{"from", edge.from},
                            {"from_port", edge.from_port},
                            {"to", edge.to},
                            {"to_port", edge.to_port},
                            {"type", edge.type}});
  }
  return json_text(out);
}

}  // namespace motet::report
