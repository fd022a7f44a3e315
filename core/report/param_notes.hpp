// What a stage type says of a parameter, in a line: "how many texts to give (default 3; at least 0)".
#pragma once

#include <string>

#include "plugin/stage_type_info.hpp"

namespace motet::report {

std::string described(const plugin::ParamInfo& param);
// The same of an attribute of an operation that a plugin brings.
std::string described(const plugin::AttributeInfo& attribute);

}  // namespace motet::report
