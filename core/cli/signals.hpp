// Ctrl-C, crashes in plugins, and readers that go away.
#pragma once

#include <atomic>

namespace motet::cli {

// True once Ctrl-C was pressed: whoever works stops at the next good place. A second Ctrl-C ends the process at once.
const std::atomic<bool>& cancelled();

// [main thread, before others start] A crash names the stage whose plugin ran and exits with 4; outside plugins it
// takes its usual way, a core dump. A closed pipe becomes an error of write().
void install_signal_handlers();

}  // namespace motet::cli
