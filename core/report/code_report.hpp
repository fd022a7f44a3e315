// What the codes of diagnostics mean, as text and as JSON.
#pragma once

#include <span>
#include <string>

#include "base/codes.hpp"

namespace motet::report {

// A line each: the code and its title.
std::string codes_text(std::span<const base::CodeInfo> codes);
// {"codes": [{"code", "title", "explanation"}]}
std::string codes_json(std::span<const base::CodeInfo> codes);

// Code, title and explanation; its sentences filled to the width of a terminal, indented examples left as they are.
std::string code_text(const base::CodeInfo& code);
// {"code", "title", "explanation"}
std::string code_json(const base::CodeInfo& code);

}  // namespace motet::report
