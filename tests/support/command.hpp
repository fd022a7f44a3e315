// Runs a program and takes what it says.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "support/sanitized.hpp"
#include "support/temporary_folder.hpp"

namespace motet::test {

struct Said {
  int status = -1;  // the exit status; of one that a signal ended 128 + its number
  std::string out, err;
};

// A program that runs; ended, if it still does, when the object goes.
class Command {
 public:
  // `input` becomes its stdin.
  explicit Command(const std::vector<std::string>& words, const std::string& input = {}) {
    const auto in = folder_.write("in", input);
    process_ = ::fork();
    if (process_ < 0) throw std::runtime_error("fork failed");
    if (process_ == 0) start(words, in.string());
  }
  ~Command() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;

  void send(int signal) const { ::kill(process_, signal); }
  std::string out() const { return read("out"); }  // so far
  // Waits, for a minute at most, five under a sanitizer: a program that hangs is an error.
  Said finish() {
    Said said;
    for (int tenths = 0; tenths < (kSanitized ? 3000 : 600); ++tenths) {
      int status = 0;
      if (::waitpid(process_, &status, WNOHANG) == process_) {
        process_ = 0;
        said.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        said.out = read("out");
        said.err = read("err");
        return said;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(tenths < 10 ? 10 : 100));
    }
    throw std::runtime_error("the program does not end");
  }

 private:
  void start(const std::vector<std::string>& words, const std::string& in) const {
    const auto connect = [&](const std::string& file, int flags, int to) {
      ::dup2(::open(file.c_str(), flags, 0600), to);
    };
    connect(in, O_RDONLY, STDIN_FILENO);
    connect((folder_.path() / "out").string(), O_WRONLY | O_CREAT, STDOUT_FILENO);
    connect((folder_.path() / "err").string(), O_WRONLY | O_CREAT, STDERR_FILENO);
    std::vector<char*> pointers;
    for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
    pointers.push_back(nullptr);
    ::execv(pointers.front(), pointers.data());
    ::_exit(127);
  }
  std::string read(const char* name) const {
    std::ifstream file(folder_.path() / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  TemporaryFolder folder_;
  pid_t process_ = 0;
};

}  // namespace motet::test
