// Types across edges: which alternative of a port a value fits, and what its letters stand for.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "graph/graph.hpp"

namespace motet::graph {

// The letters of one stage's ports, bound as its inputs are matched.
struct Letters {
  std::map<std::string, Dim> dims;
  std::optional<tensor::SymbolicShape> leading;  // what "..." stood for
};

// Why a value does not fit a port: its kind, its element type, how many dimensions it has, or the size of one of them.
struct Misfit {
  std::string reason;        // empty: its kind
  int rank = -1;             // how many dimensions are wanted, where there are others
  std::size_t from_end = 0;  // of the dimension whose size disagrees, 1: the last one; 0: it is no size
  Dim got{}, wanted{};       // of that dimension
  std::string letter{};      // that the port has there; empty: a number
};

// "left.y", "inputs.x".
std::string source_name(const Graph& graph, const Source& source);

// The value as this stage sees it: inside islands tensors have a batch, tokens are i32[B, T]. `list_dim`: the symbol of
// a list's elements. Nothing where the value cannot be seen by such a stage at all.
std::optional<EdgeType> seen_by(Way way, const EdgeType& source, Graph& graph);

// Matches against the port's alternatives and binds letters, since `edge` says so. nullopt: it fits.
std::optional<Misfit> match(const EdgeType& value, const std::vector<PortType>& alternatives, const std::string& stage,
                            Letters& letters, Symbols& symbols, const base::Note& edge = {});

// Whether a value of this kind may fit one of the alternatives at all, whatever its sizes and elements are.
bool kind_fits(Way way, Kind kind, const std::vector<PortType>& alternatives);

// The type of an output port, letters replaced by what they stand for (fresh symbols where they are new).
EdgeType instantiate(const PortType& type, const std::string& stage, Letters& letters, Symbols& symbols);

}  // namespace motet::graph
