// How long what took, in milliseconds.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace motet::runtime {

struct StageTime {
  std::uint64_t calls = 0;
  double total_ms = 0;
};

struct GeneratorTime {
  std::uint64_t prompt_tokens = 0;
  double prefill_ms = 0;        // steps in which prompts were read
  std::vector<double> step_ms;  // the other steps
};

struct Timings {
  std::map<std::string, StageTime> stages;
  std::map<std::string, GeneratorTime> generators;
};

class Stopwatch {
 public:
  double ms() const { return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin_).count(); }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace motet::runtime
