// What a checked pipeline is, in a few lines.
#pragma once

#include <string>

#include "graph/graph.hpp"

namespace motet::report {

std::string summary_text(const graph::Graph& graph);
// {"pipeline", "summary", "inputs": {name: type}, "outputs": {name: type}, "stages": {name: {"use", "way"}}, "errors":
// []}
std::string summary_json(const graph::Graph& graph);

}  // namespace motet::report
