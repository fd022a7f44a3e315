// Timings of several rounds of the same items: by stage and by operation.
#pragma once

#include <string>
#include <vector>

#include "report/recorder.hpp"
#include "runtime/timings.hpp"

namespace motet::report {

struct BenchFacts {
  std::string pipeline;
  std::string device;
  std::size_t items = 0;
  double load_ms = 0;
  std::vector<double> round_ms;
  std::vector<runtime::Timings> rounds;  // each round's own
};

// What happened between two readings of a session's timings.
runtime::Timings difference(const runtime::Timings& before, const runtime::Timings& after);

// `recorder`: one more round, measured kernel by kernel.
std::string bench_text(const BenchFacts& facts, const Recorder& recorder);
// {"pipeline", "device", "items", "rounds", "load_ms", "round_ms", "stages": {name: {"calls", "ms"}}, "generators":
// {name:
// {"prompt_tokens", "prefill_ms", "steps", "step_ms"}}, "operations": [{"op", "count", "ms"}]}; times are medians of
// the rounds, the operations' of one round.
std::string bench_json(const BenchFacts& facts, const Recorder& recorder);

}  // namespace motet::report
