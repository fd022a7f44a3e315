// Whose fault it is where the system refuses.
#pragma once

#include <system_error>

#include "base/error.hpp"

namespace motet::base {

// The system's own where it has no memory, no descriptor or a broken disk, else that of who named the file.
inline ErrorKind kind_of(const std::error_code& error) {
  for (const std::errc own : {std::errc::not_enough_memory, std::errc::too_many_files_open,
                              std::errc::too_many_files_open_in_system, std::errc::io_error}) {
    if (error == own) return ErrorKind::environment;
  }
  return ErrorKind::user;
}

}  // namespace motet::base
