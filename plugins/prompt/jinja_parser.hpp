// Tokens to a tree.
#pragma once

#include <string_view>

#include "prompt/jinja_ast.hpp"

namespace motet::prompt::jinja {

// Throws TemplateError, with the line, where the source is no template, or is nested too deep.
Body parse(std::string_view source);

}  // namespace motet::prompt::jinja
