// The process of an isolated stage, from within.
#pragma once

namespace motet::isolation {

// Serves the host until it says that it is enough, or is gone; returns the exit status. Expects what layout.hpp lists.
// The stage's code may end the process at any time; to notice is the host's affair.
int serve();

}  // namespace motet::isolation
