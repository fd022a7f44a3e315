#include "cli/signals.hpp"

#include <signal.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "cli/exit_status.hpp"
#include "host/call.hpp"
#include "plugin/library.hpp"

namespace motet::cli {
namespace {

std::atomic<bool> g_cancelled{false};  // signal handlers reach nothing but globals
static_assert(std::atomic<bool>::is_always_lock_free);

struct Crash {
  int number;
  const char* name;
};
constexpr Crash kCrashes[] = {{SIGSEGV, "SIGSEGV: it used memory that is not there"},
                              {SIGBUS, "SIGBUS: it used memory that is not there"},
                              {SIGFPE, "SIGFPE: a division by zero or an overflow"},
                              {SIGILL, "SIGILL: an instruction that this machine has not"},
                              {SIGABRT, "SIGABRT: it gave up"}};
std::array<struct sigaction, std::size(kCrashes)> g_before;

// A stack overflow leaves no room for a handler on the stack itself. Threads of the pool have none; there a crash takes
// its usual way.
constexpr std::size_t kStackBytes = 64 * 1024;
alignas(64) char g_stack[kStackBytes];

void say(const char* text) {
  const ssize_t ignored = ::write(STDERR_FILENO, text, std::strlen(text));
  (void)ignored;
}

void on_interrupt(int) { g_cancelled.store(true, std::memory_order_relaxed); }

void on_crash(int number) {
  std::size_t which = 0;
  while (which + 1 < std::size(kCrashes) && kCrashes[which].number != number) ++which;
  const char* stage = host::current_stage();
  const char* operation = host::current_operation();
  const char* loading = plugin::loading_library();
  if (loading == nullptr && operation == nullptr && (stage == nullptr || stage[0] == '\0')) {
    // Ours: back to what was there before (the default, or a sanitizer), and again.
    ::sigaction(number, &g_before[which], nullptr);
    ::raise(number);
    return;
  }
  if (loading != nullptr) {
    say("motet: the plugin library ");
    say(loading);
    say(" as it was loaded");
  } else if (operation != nullptr) {
    say("motet: ");
    say(operation);
  } else {
    say("motet: the plugin code of stage '");
    say(stage);
    say("'");
  }
  say(" crashed (");
  say(kCrashes[which].name);
  say(")\n");
  ::_exit(kPluginFailed);
}

}  // namespace

const std::atomic<bool>& cancelled() { return g_cancelled; }

void install_signal_handlers() {
  stack_t stack{};
  stack.ss_sp = g_stack;
  stack.ss_size = kStackBytes;
  ::sigaltstack(&stack, nullptr);
  for (std::size_t i = 0; i < std::size(kCrashes); ++i) {
    struct sigaction action{};
    action.sa_handler = on_crash;
    action.sa_flags = SA_ONSTACK | SA_NODEFER;
    ::sigaction(kCrashes[i].number, &action, &g_before[i]);
  }
  struct sigaction interrupt{};
  interrupt.sa_handler = on_interrupt;
  interrupt.sa_flags = SA_RESETHAND;  // without SA_RESTART: who waits for stdin wakes up
  ::sigaction(SIGINT, &interrupt, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

}  // namespace motet::cli
