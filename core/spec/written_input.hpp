// An input's value written in YAML, as --in would take it on the command line.
#pragma once

#include <filesystem>
#include <string>

#include "spec/node.hpp"

namespace motet::spec {

// What stands behind NAME= : texts as they are, paths (also those behind @) from `folder`, lists and maps as JSON.
// `text`: the input's type is text or text[], so that a scalar is no path.
std::string written_input(const Node& node, bool text, const std::filesystem::path& folder);

}  // namespace motet::spec
