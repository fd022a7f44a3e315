// Which tensor stages form one program, and in which order islands and host stages run.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "graph/graph.hpp"

namespace motet::lower {

// A value that enters an island from outside, once for all of the island's stages that take it.
struct Border {
  graph::Source source;
  graph::EdgeType type;  // as the island sees it: with a batch
  bool exact = false;    // only items of equal sizes share a batch
  std::string name;      // "words.tokens"
};

struct Island {
  std::string name;                    // "encoder+words"
  std::vector<int> stages;             // tensor stages in order; the generator is not among them
  int generator = -1;                  // the stage whose steps the engine runs; -1: none
  std::vector<Border> inputs;          // of the item program
  std::vector<graph::Source> outputs;  // of tensor stages, wanted outside
  bool once = false;
  bool has_lists = false;  // an input is a list's elements: items run one by one
};

struct Unit {
  int stage = -1;           // a host stage
  int island = -1;          // or an island
  std::vector<int> stages;  // of the graph, that it runs: fillers are their owners'
  std::vector<int> after;   // units that it takes values from
};

struct Schedule {
  std::vector<Unit> units;  // each after those it takes values from
  std::vector<Island> islands;
};

Schedule schedule(const graph::Graph& graph);

}  // namespace motet::lower
