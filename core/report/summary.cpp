#include "report/summary.hpp"

#include <algorithm>

#include "report/json.hpp"

namespace motet::report {
namespace {

using nlohmann::ordered_json;

std::string_view way_name(graph::Way way) {
  switch (way) {
    case graph::Way::host:
      return "host";
    case graph::Way::tensor:
      return "tensor";
    case graph::Way::generator:
      return "generator";
    case graph::Way::filler:
      return "slot";
  }
  return "unknown";
}

std::string input_type(const graph::Graph& graph, std::size_t i) {
  const std::string type = graph::text(graph.input_types[i], graph.symbols);
  return graph.inputs[i].once ? type + ", once" : type;
}

}  // namespace

std::string summary_text(const graph::Graph& graph) {
  std::string out = graph.name + ": all well";
  if (!graph.summary.empty()) out += "\n  " + graph.summary;
  out += "\n";
  std::size_t width = 0;
  for (const graph::Stage& stage : graph.stages) width = std::max(width, stage.name.size());
  for (std::size_t i = 0; i < graph.inputs.size(); ++i)
    out += "  in   " + graph.inputs[i].name + ": " + input_type(graph, i) + "\n";
  for (const graph::Stage& stage : graph.stages) {
    std::string name = stage.name;
    name.resize(width, ' ');
    out += "       " + name + "  " + stage.type->id + "\n";
  }
  for (const graph::Output& output : graph.outputs) {
    out += "  out  " + output.name + ": " + graph::text(graph.type(output.source), graph.symbols) + "\n";
  }
  return out;
}

std::string summary_json(const graph::Graph& graph) {
  ordered_json out{{"pipeline", graph.name}, {"summary", graph.summary}};
  out["inputs"] = ordered_json::object();
  for (std::size_t i = 0; i < graph.inputs.size(); ++i) {
    out["inputs"][graph.inputs[i].name] = {{"type", graph::text(graph.input_types[i], graph.symbols)},
                                           {"once", graph.inputs[i].once}};
  }
  out["outputs"] = ordered_json::object();
  for (const graph::Output& output : graph.outputs)
    out["outputs"][output.name] = {{"type", graph::text(graph.type(output.source), graph.symbols)}};
  out["stages"] = ordered_json::object();
  for (const graph::Stage& stage : graph.stages) {
    out["stages"][stage.name] = {{"use", stage.type->plugin + ":" + stage.type->id}, {"way", way_name(stage.way)}};
  }
  out["errors"] = ordered_json::array();
  return json_text(out);
}

}  // namespace motet::report
