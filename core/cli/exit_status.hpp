// What the process ends with.
#pragma once

#include "base/error.hpp"

namespace motet::cli {

inline constexpr int kAllWell = 0;
inline constexpr int kItemFailed = 1;         // some item; the others finished
inline constexpr int kUserMistake = 2;        // arguments, the pipeline, or a file that they name
inline constexpr int kEnvironmentFailed = 3;  // device, driver, memory, output
inline constexpr int kPluginFailed = 4;       // a plugin crashed or broke its contract
inline constexpr int kCancelled = 130;

constexpr int exit_status(base::ErrorKind kind) {
  switch (kind) {
    case base::ErrorKind::item:
      return kItemFailed;
    case base::ErrorKind::user:
      return kUserMistake;
    case base::ErrorKind::environment:
      return kEnvironmentFailed;
    case base::ErrorKind::plugin:
      return kPluginFailed;
    case base::ErrorKind::cancelled:
      return kCancelled;
  }
  return kEnvironmentFailed;
}

}  // namespace motet::cli
