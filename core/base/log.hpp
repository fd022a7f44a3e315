// Messages for people on stderr, through one place; nothing here is a result.
#pragma once

#include <string_view>

namespace motet::base {

enum class LogLevel { debug, info, warning, error, off };

// Default: warning. [main thread, before other threads log]
void set_log_level(LogLevel level);
// Thread-safe; one line.
void log(LogLevel level, std::string_view message);

}  // namespace motet::base
