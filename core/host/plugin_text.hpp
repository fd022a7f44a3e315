// What a plugin says. For this room's own sources.
#pragma once

#include <string>

namespace motet::host {

// It goes to terminals and JSON: cut where it is endless, with '?' for what is no UTF-8. NULL is "".
std::string plugin_text(const char* text);

}  // namespace motet::host
