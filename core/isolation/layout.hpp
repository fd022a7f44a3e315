// What the process of an isolated stage finds when it begins: the descriptors, by number.
#pragma once

#include <string_view>

namespace motet::isolation {

enum Given : int {
  kSocket = 3,      // to the host; its end means that the host is gone
  kControl = 4,     // the channel's page
  kHostArena = 5,   // for reading: what the host lends
  kOwnArena = 6,    // what the worker makes
  kFirstUnused = 7  // this and all after it are closed
};

// The hidden way of calling `motet`: the name of the stage follows, for people who look at the list of processes.
inline constexpr std::string_view kWorkerArgument = "--isolated-stage";

}  // namespace motet::isolation
