// stderr: everything for people.
#pragma once

#include <string_view>

namespace motet::cli {

void say(std::string_view text);
// stderr is a terminal, and NO_COLOR is not set.
bool coloured();

}  // namespace motet::cli
