// Runs items through a graph on a device.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "device/device.hpp"
#include "graph/graph.hpp"
#include "runtime/observer.hpp"
#include "runtime/timings.hpp"
#include "value/value.hpp"

namespace motet::runtime {

// Values by the graph's input names; every input must be there, of its type.
struct Item {
  std::map<std::string, value::Ref> inputs;
  const std::atomic<bool>* cancelled = nullptr;  // this item alone; may be null
};

struct ItemResult {
  std::vector<value::Ref> outputs;  // as Graph::outputs; empty where the item failed
  std::optional<base::Error> error;
};

struct RunOptions {
  const std::atomic<bool>* cancelled = nullptr;  // all of it
  // A piece of text that belongs to an output, as soon as it is certain. [calling thread]
  std::function<void(std::size_t item, std::size_t output, std::string_view piece)> on_text;
  // An item's result, in the items' order, as soon as it and those before it are done; run() then returns an empty
  // list. [calling thread]
  std::function<void(std::size_t item, ItemResult result)> on_result;
};

struct SessionOptions {
  int most_rows = 8;            // sequences that share a generator's steps
  std::size_t most_items = 32;  // that are worked on together
  int threads = 0;  // for host stages, with the calling one; 0: as many as the process may run on; 1: no other
  Observer* observer = nullptr;  // must outlive the session; may be null
  // What fills an item that is shorter than its batch, where it is f32; where it is token ids, the id 1 unless this is
  // 0. No result may depend on it, and the conformance kit looks whether one does.
  float padding = 0;
};

// The graph and the device must outlive the session. One thread at a time.
class Session {
 public:
  Session(const graph::Graph& graph, device::Device& device, const SessionOptions& options = {});
  ~Session();

  // The items' results in their order; one that fails does so alone. Throws Error(cancelled, environment, plugin).
  std::vector<ItemResult> run(const std::vector<Item>& items, const RunOptions& options = {});
  const Timings& timings() const;  // of all runs so far
  std::uint64_t plannings() const;

 private:
  class Work;
  std::unique_ptr<Work> work_;
};

}  // namespace motet::runtime
