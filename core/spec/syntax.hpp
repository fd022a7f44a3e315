// What yaml-cpp could not parse, said so that a person can mend it, where the mistake is rather than where it was
// noticed.
#pragma once

#include <optional>
#include <string>

#include "base/diagnostic.hpp"
#include "spec/places.hpp"

namespace motet::spec {

// What the parser had read when it gave up.
struct Progress {
  base::Place last;                      // of the last value or key
  std::string last_text;                 // where that was a scalar
  std::optional<base::Place> open_flow;  // of the innermost { or [ that is still open
};

// `message`, `line` and `byte_column` (from 0) as yaml-cpp gives them.
base::Diagnostic syntax_error(const std::string& message, int line, int byte_column, Places& places,
                              const Progress& progress);

}  // namespace motet::spec
