// Calls one host stage for an item.
#pragma once

#include <vector>

#include "graph/graph.hpp"
#include "runtime/item_values.hpp"

namespace motet::runtime {

// A thread's own: what calls need is allocated once for many of them.
struct HostScratch {
  std::vector<value::Ref> inputs;
  std::vector<const value::Value*> pointers;
};

// Sets the stage's outputs, a list of them where the stage maps over a list. Throws as host::Instance::process does.
// Thread: as the stage declares.
void run_host_stage(const graph::Stage& stage, std::vector<value::Ref>& outputs, const ItemValues& values,
                    const host::CallOptions& options, HostScratch& scratch);

// Whether calls for several items may run at once: the stage says `parallel`, and so does what fills its slots.
bool runs_in_parallel(const graph::Graph& graph, const graph::Stage& stage);

}  // namespace motet::runtime
