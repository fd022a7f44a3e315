// This program once more, as a process of its own with a time limit.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace motet::verify {

// The descriptors that a child finds: where its answer goes, and the memory of its last call.
inline constexpr int kAnswerDescriptor = 3;
inline constexpr int kLastCallDescriptor = 4;

struct Ended {
  bool timed_out = false;
  int signal = 0;  // that ended it; 0: it ended itself
  int exit_status = 0;
  std::string answer;  // what it wrote to kAnswerDescriptor
  std::string said;    // the end of what it wrote to stdout and stderr
};

// Runs program with the arguments, stdin empty, and waits; it and what it started in its group are killed at the limit.
// Any thread. Throws Error(environment) where no process can be made.
Ended run_process(const std::filesystem::path& program, const std::vector<std::string>& arguments, int last_call,
                  std::chrono::milliseconds limit);

}  // namespace motet::verify
