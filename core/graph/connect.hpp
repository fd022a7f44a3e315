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

// Why a value does not fit a port; `dimension` is the one that disagrees, counted in the port's pattern, -1: the type.
struct Misfit {
  std::string reason;
  int dimension = -1;
};

// The value as this stage sees it: inside islands tensors have a batch, tokens are i32[B, T]. `list_dim`: the symbol of
// a list's elements. Nothing where the value cannot be seen by such a stage at all.
std::optional<EdgeType> seen_by(Way way, const EdgeType& source, Graph& graph);

// Matches against the port's alternatives and binds letters. nullopt: it fits.
std::optional<Misfit> match(const EdgeType& value, const std::vector<PortType>& alternatives, const std::string& stage,
                            Letters& letters, Symbols& symbols);

// The type of an output port, letters replaced by what they stand for (fresh symbols where they are new).
EdgeType instantiate(const PortType& type, const std::string& stage, Letters& letters, Symbols& symbols);

}  // namespace motet::graph
