// What went wrong, as text for people and as data for programs.
#pragma once

#include <string>

#include "base/error.hpp"

namespace motet::report {

// Every diagnostic of a base::DiagnosticsError with its lines of source; of another error its message and help.
std::string error_text(const base::Error& error, bool colour);

// {"errors": [{"code", "file", "line", "column", "message", "label", "notes": [{"message", "file", "line", "column"}],
// "help"}]}; what is not known is left out, and an error without a place has "kind" instead of a code.
std::string error_json(const base::Error& error);

}  // namespace motet::report
