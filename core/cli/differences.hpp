// What an output is and what a test wants it to be.
#pragma once

#include <string>
#include <vector>

#include "spec/test_file.hpp"
#include "value/value.hpp"

namespace motet::cli {

// A sentence for each difference, ten at most; none where the output is as wanted. A text is compared as it is, tokens
// by their ids, tensors and lists as nested lists; numbers may differ by the tolerance.
std::vector<std::string> differences(const spec::Expected& wanted, const value::Value& got);

}  // namespace motet::cli
