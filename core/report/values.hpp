// Values as text for people and pipes.
#pragma once

#include <string>

#include "value/value.hpp"

namespace motet::report {

// A text as it is; a list of texts a line each; everything else as JSON on one line, a list of such a line each. Ends
// with a newline.
std::string value_text(const value::Value& value);

// As JSON on one line, with a newline.
std::string json_line(const value::Value& value);

}  // namespace motet::report
