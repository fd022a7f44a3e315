// A run as JSON:
//   {"items": [{"inputs": {...}, "outputs": {"<name>": value}}], "device": "...", "timings": {"load_ms", "total_ms",
//    "stages": {"<stage>": {"calls", "total_ms"}},
//    "generators": {"<stage>": {"prompt_tokens", "prefill_ms", "steps", "step_ms"}}}}
// A failed item has "error" instead of "outputs". Tensors that were written to files are the files' paths.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "graph/graph.hpp"
#include "runtime/timings.hpp"
#include "value/value.hpp"

namespace motet::report {

struct ReportedItem {
  std::map<std::string, value::Ref> inputs;
  std::vector<value::Ref> outputs;              // as Graph::outputs
  std::vector<std::vector<std::string>> files;  // by output, where --out wrote them
  std::optional<base::Error> error;
};

struct RunFacts {
  std::string device;
  double load_ms = 0;   // until the session was ready
  double total_ms = 0;  // with it
  runtime::Timings timings;
};

std::string run_json(const graph::Graph& graph, const std::vector<ReportedItem>& items, const RunFacts& facts);

double median(std::vector<double> values);  // 0 of none

}  // namespace motet::report
