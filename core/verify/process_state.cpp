#include "verify/process_state.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fenv.h>
#include <locale.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#if defined(__SSE__)
#include <immintrin.h>
#endif

namespace motet::verify {
namespace {

namespace fs = std::filesystem;

std::uint32_t read_floating_point() {
#if defined(__SSE__)
  constexpr unsigned kFlags = 0x3f;  // what has happened so far, which any arithmetic changes
  return (_mm_getcsr() & ~kFlags) | (static_cast<std::uint32_t>(::fegetround()) << 16);
#elif defined(__aarch64__)
  std::uint64_t control = 0;
  asm volatile("mrs %0, fpcr" : "=r"(control));
  return static_cast<std::uint32_t>(control);
#else
  return static_cast<std::uint32_t>(::fegetround());
#endif
}

std::string read_signal_handlers() {
  std::string out;
  for (int number = 1; number < NSIG; ++number) {
    struct sigaction action{};
    if (::sigaction(number, nullptr, &action) != 0) continue;
    if (action.sa_handler == SIG_DFL && (action.sa_flags & SA_SIGINFO) == 0) continue;
    out += std::to_string(number) + ":" + std::to_string(reinterpret_cast<std::uintptr_t>(action.sa_handler)) + ":" +
           std::to_string(static_cast<unsigned>(action.sa_flags)) + "\n";
  }
  sigset_t blocked;
  if (::sigprocmask(SIG_BLOCK, nullptr, &blocked) == 0) {
    for (int number = 1; number < NSIG; ++number) {
      if (::sigismember(&blocked, number) == 1) out += "blocked " + std::to_string(number) + "\n";
    }
  }
  return out;
}

std::string link_of(int descriptor) {
  std::error_code ignored;
  return fs::read_symlink("/proc/self/fd/" + std::to_string(descriptor), ignored).string();
}

// Of what is listed, without the descriptor that lists it.
std::map<int, std::string> open_files() {
  std::map<int, std::string> out;
  DIR* folder = ::opendir("/proc/self/fd");
  if (folder == nullptr) return out;
  const int own = ::dirfd(folder);
  while (const dirent* entry = ::readdir(folder)) {
    const int descriptor = std::atoi(entry->d_name);
    if (entry->d_name[0] != '.' && descriptor != own) out[descriptor] = link_of(descriptor);
  }
  ::closedir(folder);
  return out;
}

int count_threads() {
  int out = 0;
  std::error_code ignored;
  for (fs::directory_iterator at("/proc/self/task", ignored), end; at != end; at.increment(ignored)) ++out;
  return out;
}

std::int64_t count_said() {
  struct stat file{};
  if (::fstat(STDOUT_FILENO, &file) != 0 || !S_ISREG(file.st_mode)) return 0;
  return file.st_size;
}

}  // namespace

ProcessState ProcessState::now() {
  ProcessState out;
  out.floating_point = read_floating_point();
  out.locale = ::setlocale(LC_ALL, nullptr);
  std::error_code ignored;
  out.working_directory = fs::current_path(ignored).string();
  out.signal_handlers = read_signal_handlers();
  for (int i = 0; i < 3; ++i) {
    const int flags = ::fcntl(i, F_GETFL);
    out.streams[static_cast<std::size_t>(i)] = link_of(i) + " " + std::to_string(flags);
  }
  out.said = count_said();
  out.files = open_files();
  out.threads = count_threads();
  return out;
}

std::string floating_point_changed(const ProcessState& before, const ProcessState& after) {
  if (before.floating_point == after.floating_point) return {};
  char text[96];
  std::snprintf(text, sizeof text, "the floating-point control word was 0x%x and is 0x%x", before.floating_point,
                after.floating_point);
  return text;
}

std::string locale_changed(const ProcessState& before, const ProcessState& after) {
  return before.locale == after.locale ? "" : "the locale was '" + before.locale + "' and is '" + after.locale + "'";
}

std::string signals_changed(const ProcessState& before, const ProcessState& after) {
  return before.signal_handlers == after.signal_handlers ? "" : "signal handlers or blocked signals changed";
}

std::string directory_changed(const ProcessState& before, const ProcessState& after) {
  return before.working_directory == after.working_directory
             ? ""
             : "the working directory was " + before.working_directory + " and is " + after.working_directory;
}

std::string streams_changed(const ProcessState& before, const ProcessState& after) {
  constexpr const char* kNames[] = {"stdin", "stdout", "stderr"};
  for (std::size_t i = 0; i < before.streams.size(); ++i) {
    if (before.streams[i] != after.streams[i])
      return std::string(kNames[i]) + " was " + before.streams[i] + " and is " + after.streams[i];
  }
  return before.said == after.said ? "" : std::to_string(after.said - before.said) + " bytes were written to stdout";
}

std::string files_changed(const ProcessState& before, const ProcessState& after) {
  for (const auto& [descriptor, file] : after.files) {
    const auto known = before.files.find(descriptor);
    if (known == before.files.end()) return file + " is open, as descriptor " + std::to_string(descriptor);
    if (known->second != file) return "descriptor " + std::to_string(descriptor) + " is another file: " + file;
  }
  for (const auto& [descriptor, file] : before.files) {
    if (!after.files.contains(descriptor)) return "descriptor " + std::to_string(descriptor) + " was closed: " + file;
  }
  return {};
}

std::string threads_changed(const ProcessState& before, const ProcessState& after) {
  return before.threads == after.threads
             ? ""
             : std::to_string(after.threads) + " threads run, " + std::to_string(before.threads) + " did before";
}

}  // namespace motet::verify
