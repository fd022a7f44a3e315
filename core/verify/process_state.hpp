// What a plugin shares with everybody in the process and must leave as it is.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>

namespace motet::verify {

struct ProcessState {
  std::uint32_t floating_point = 0;  // rounding, denormals, traps
  std::string locale;
  std::string working_directory;
  std::string signal_handlers;         // one line for each that is not the default
  std::array<std::string, 3> streams;  // what stdin, stdout and stderr are
  std::int64_t said = 0;               // bytes written to stdout, where it is a file
  std::map<int, std::string> files;    // open ones by descriptor
  int threads = 0;

  static ProcessState now();
};

// One aspect of it: how the two differ in words, "" where they do not.
std::string floating_point_changed(const ProcessState& before, const ProcessState& after);
std::string locale_changed(const ProcessState& before, const ProcessState& after);
std::string signals_changed(const ProcessState& before, const ProcessState& after);
std::string directory_changed(const ProcessState& before, const ProcessState& after);
std::string streams_changed(const ProcessState& before, const ProcessState& after);
std::string files_changed(const ProcessState& before, const ProcessState& after);
std::string threads_changed(const ProcessState& before, const ProcessState& after);

}  // namespace motet::verify
