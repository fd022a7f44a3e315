#include "isolation/child_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <system_error>
#include <thread>

#include "base/error.hpp"
#include "isolation/layout.hpp"

extern char** environ;

namespace motet::isolation {
namespace {

// What posix_spawn wants besides the program, taken down at the end.
class SpawnPlan {
 public:
  SpawnPlan() {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawnattr_init(&attributes_);
  }
  ~SpawnPlan() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  // `given` must not be among the numbers that they get.
  void descriptors(const std::vector<Descriptor>& given) {
    ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (::fcntl(STDERR_FILENO, F_GETFD) < 0) {
      ::posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    }
    ::posix_spawn_file_actions_adddup2(&actions_, STDERR_FILENO, STDOUT_FILENO);
    int number = kSocket;
    for (const Descriptor& one : given) ::posix_spawn_file_actions_adddup2(&actions_, one.number(), number++);
    ::posix_spawn_file_actions_addclosefrom_np(&actions_, number);
  }

  void signals_and_group() {
    sigset_t none;
    sigset_t all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }

  const posix_spawn_file_actions_t* actions() const { return &actions_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

// Copies whose numbers lie above those that the program will find them under.
std::vector<Descriptor> out_of_the_way(const std::vector<const Descriptor*>& given) {
  std::vector<Descriptor> out;
  for (const Descriptor* one : given) {
    out.emplace_back(::fcntl(one->number(), F_DUPFD_CLOEXEC, kFirstUnused));
    if (out.back().number() < 0) system_failed("dup of a file descriptor");
  }
  return out;
}

const char* about(int signal) {
  switch (signal) {
    case SIGSEGV:
    case SIGBUS:
      return ", it used memory that is not there";
    case SIGFPE:
      return ", a division by zero or an overflow";
    case SIGILL:
      return ", an instruction that this machine has not";
    case SIGABRT:
      return ", it gave up";
    case SIGKILL:
      return ", as the system does where memory is short";
    default:
      return "";
  }
}

}  // namespace

ChildProcess::ChildProcess(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                           const std::vector<const Descriptor*>& given) {
  const std::vector<Descriptor> copies = out_of_the_way(given);
  SpawnPlan plan;
  plan.descriptors(copies);
  plan.signals_and_group();
  std::vector<char*> words{const_cast<char*>(program.c_str())};
  for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  const int error = ::posix_spawn(&process_, program.c_str(), plan.actions(), plan.attributes(), words.data(), environ);
  if (error != 0) {
    process_ = -1;
    base::fail(base::ErrorKind::environment, "a process for an isolated stage cannot be started: " + program.string() +
                                                 ": " + std::system_category().message(error));
  }
}

ChildProcess::~ChildProcess() { kill(); }

bool ChildProcess::ended() {
  if (process_ < 0) return true;
  const pid_t found = ::waitpid(process_, &status_, WNOHANG);
  if (found == 0 || (found < 0 && errno == EINTR)) return false;
  if (found < 0) status_ = -1;
  process_ = -1;
  return true;
}

bool ChildProcess::ended_within(std::chrono::milliseconds most) {
  const auto end = std::chrono::steady_clock::now() + most;
  for (auto nap = std::chrono::microseconds(100); !ended(); nap = std::min(2 * nap, std::chrono::microseconds(5000))) {
    if (std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(nap);
  }
  return true;
}

void ChildProcess::kill() {
  if (ended()) return;
  ::kill(process_, SIGKILL);
  while (::waitpid(process_, &status_, 0) < 0 && errno == EINTR) {
  }
  process_ = -1;
}

std::string ChildProcess::how() const {
  if (status_ == -1) return "ended";
  if (WIFEXITED(status_)) return "ended itself with exit(" + std::to_string(WEXITSTATUS(status_)) + ")";
  const int signal = WTERMSIG(status_);
  const char* name = ::sigabbrev_np(signal);
  const std::string called = name != nullptr ? "SIG" + std::string(name) : "signal " + std::to_string(signal);
  return (signal == SIGKILL || signal == SIGTERM ? "was killed (" : "crashed (") + called + about(signal) + ")";
}

}  // namespace motet::isolation
