// Boost.Process of Debian 12 waits with a limit by racing SIGCHLD, and hides the signal that ended a child; both are
// what the kit is about, so this is posix_spawn.
#include "verify/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "base/error.hpp"

extern char** environ;

namespace motet::verify {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostSaid = 4096;
constexpr std::size_t kMostAnswer = std::size_t{1} << 20;

struct Descriptor {
  int number = -1;
  explicit Descriptor(int n = -1) : number(n) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  void close() {
    if (number >= 0) ::close(number);
    number = -1;
  }
};

[[noreturn]] void no_process(int error) {
  base::fail(base::ErrorKind::environment, std::string("no process can be started: ") + std::strerror(error));
}

// Numbers above those that the child gets, so that no dup2 there runs over another.
int above(int descriptor) {
  const int moved = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 16);
  if (moved < 0) no_process(errno);
  return moved;
}

pid_t start(const std::filesystem::path& program, const std::vector<std::string>& arguments, int answer, int last_call,
            int output, int errors) {
  const Descriptor high_answer(above(answer)), high_last(above(last_call)), high_output(above(output)),
      high_errors(above(errors));
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, high_output.number, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, high_errors.number, STDERR_FILENO);
  posix_spawn_file_actions_adddup2(&actions, high_answer.number, kAnswerDescriptor);
  posix_spawn_file_actions_adddup2(&actions, high_last.number, kLastCallDescriptor);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  std::vector<std::string> words = {program.string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t child = 0;
  const int error = posix_spawn(&child, program.c_str(), &actions, &attributes, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (error != 0) no_process(error);
  return child;
}

// Reads until the other end is closed; false at the deadline.
bool read_all(int from, std::string& to, Clock::time_point deadline) {
  std::array<char, 4096> buffer{};
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    pollfd waiting{from, POLLIN, 0};
    const int ready = left <= 0 ? 0 : ::poll(&waiting, 1, static_cast<int>(left));
    if (ready == 0) return false;
    if (ready < 0) {
      if (errno == EINTR) continue;
      return true;
    }
    const ssize_t got = ::read(from, buffer.data(), buffer.size());
    if (got <= 0) return true;
    if (to.size() < kMostAnswer) to.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

std::string end_of(int file) {
  const off_t size = ::lseek(file, 0, SEEK_END);
  const off_t begin = size > static_cast<off_t>(kMostSaid) ? size - static_cast<off_t>(kMostSaid) : 0;
  std::string out(static_cast<std::size_t>(size - begin), '\0');
  const ssize_t got = ::pread(file, out.data(), out.size(), begin);
  out.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return out;
}

}  // namespace

Ended run_process(const std::filesystem::path& program, const std::vector<std::string>& arguments, int last_call,
                  std::chrono::milliseconds limit) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) no_process(errno);
  const Descriptor reading(ends[0]);
  Descriptor writing(ends[1]);
  const Descriptor output(::memfd_create("motet-output", MFD_CLOEXEC));
  const Descriptor errors(::memfd_create("motet-errors", MFD_CLOEXEC));
  if (output.number < 0 || errors.number < 0) no_process(errno);
  const Clock::time_point deadline = Clock::now() + limit;
  const pid_t child = start(program, arguments, writing.number, last_call, output.number, errors.number);
  writing.close();
  Ended out;
  out.timed_out = !read_all(reading.number, out.answer, deadline);
  // The answer's end is closed before the process is gone, and a plugin may still hang in its destructors.
  int status = 0;
  pid_t gone = 0;
  while (!out.timed_out && (gone = ::waitpid(child, &status, WNOHANG)) == 0) {
    if (Clock::now() > deadline) {
      out.timed_out = true;
    } else {
      ::poll(nullptr, 0, 1);
    }
  }
  ::kill(-child, SIGKILL);  // what the plugin started goes too
  while (gone == 0 && ::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!out.timed_out && WIFSIGNALED(status)) out.signal = WTERMSIG(status);
  if (WIFEXITED(status)) out.exit_status = WEXITSTATUS(status);
  out.said = end_of(output.number) + end_of(errors.number);
  return out;
}

}  // namespace motet::verify
