// A process that this one started, and that ends with it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "isolation/descriptor.hpp"

namespace motet::isolation {

class ChildProcess {
 public:
  // Starts the program with these descriptors as 3, 4, ..., and no other but stderr: its stdin is empty, and what it
  // writes to stdout goes to stderr. It has a process group of its own, so that Ctrl-C at the terminal is this
  // process's affair, and signals as they are by default. Throws base::Error(environment).
  ChildProcess(const std::filesystem::path& program, const std::vector<std::string>& arguments,
               const std::vector<const Descriptor*>& given);
  // Kills it where it still runs.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  bool ended();  // and if so, nothing of it is left
  bool ended_within(std::chrono::milliseconds most);
  void kill();
  // How it ended: "crashed (SIGSEGV, it used memory that is not there)", "ended itself with exit(3)".
  std::string how() const;

 private:
  pid_t process_ = -1;  // -1: it has ended
  int status_ = -1;     // -1: another part of this program asked for it before
};

}  // namespace motet::isolation
