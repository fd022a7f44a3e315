// The values that one item has while it is on its way through the graph.
#pragma once

#include <atomic>
#include <cstddef>
#include <optional>
#include <vector>

#include "base/error.hpp"
#include "graph/graph.hpp"
#include "value/value.hpp"

namespace motet::runtime {

// One thread at a time.
struct ItemValues {
  std::vector<value::Ref> inputs;                // by graph input
  std::vector<std::vector<value::Ref>> outputs;  // by stage and port; empty until the stage ran
  std::optional<base::Error> error;              // why nothing more is done for it
  const std::atomic<bool>* cancelled = nullptr;  // this item alone; may be null
  std::size_t number = 0;                        // among all items of the run

  bool given_up() const { return cancelled != nullptr && cancelled->load(); }

  const value::Ref& at(const graph::Source& source) const {
    const auto port = static_cast<std::size_t>(source.port);
    return source.stage < 0 ? inputs[port] : outputs[static_cast<std::size_t>(source.stage)][port];
  }
};

// An item's own failure stays with the item; what concerns the whole run goes on up.
inline bool belongs_to_item(const base::Error& error) {
  return error.kind() == base::ErrorKind::item || error.kind() == base::ErrorKind::user ||
         error.kind() == base::ErrorKind::plugin;
}

// Runs body(); a failure that is the item's own is noted with it, its own cancellation too; others are thrown on.
template <class Body>
void guarded(ItemValues& values, Body&& body) {
  try {
    body();
  } catch (const base::Error& error) {
    const bool own = belongs_to_item(error) || (error.kind() == base::ErrorKind::cancelled && values.given_up());
    if (!own) throw;
    values.error = error;
  }
}

}  // namespace motet::runtime
