// A pipeline as one page of HTML that needs nothing else: the drawing, and each stage to open.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "graph/graph.hpp"
#include "report/drawing.hpp"

namespace motet::report {

// What a run said of its time.
struct LastRun {
  struct Generator {
    std::uint64_t prompt_tokens = 0, steps = 0;
    double prefill_ms = 0, step_ms = 0;  // step_ms: the median
  };
  struct Stage {
    std::uint64_t calls = 0;
    double total_ms = 0;
    std::optional<Generator> generator;
  };
  std::string device;
  double load_ms = 0, total_ms = 0;
  std::map<std::string, Stage> stages;
};

// From the JSON of a run (run_report.hpp). `what` names it in messages. Throws base::Error(user) where it is none.
LastRun read_last_run(std::string_view json, const std::string& what);

std::string page_text(Drawing drawing, const graph::Graph& graph, const std::optional<LastRun>& run);

}  // namespace motet::report
