// Tensor stages of the kit's own on both sides of the one that is tried: what it writes is joined with theirs into one
// program, as with any neighbour's.
#pragma once

#include <set>
#include <string>

#include "graph/graph.hpp"

namespace motet::verify {

// Each doubles what goes through it, where it can: f32.
struct Neighbours {
  std::set<std::string> before;  // inputs of the pipeline that only the stage takes
  std::set<std::string> behind;  // outputs of the pipeline that the stage gives
};

Neighbours neighbours_of(const graph::Graph& graph, int at);
// Puts them in their places. The stages' numbers in the graph are others afterwards.
void add_neighbours(graph::Graph& graph, int at, const Neighbours& neighbours);

}  // namespace motet::verify
