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
  std::uint64_t begin_ns() const { return ns(begin_); }
  static std::uint64_t now_ns() { return ns(std::chrono::steady_clock::now()); }
  double ms() const {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin_).count();
  }

 private:
  static std::uint64_t ns(std::chrono::steady_clock::time_point time) {
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count());
  }
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace motet::runtime
