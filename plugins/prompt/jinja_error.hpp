// What is wrong with a template, or with what it was asked to do.
#pragma once

#include <stdexcept>
#include <string>

namespace motet::prompt::jinja {

// The message says what, and where it is known, "line N: ". Thrown by parsing and rendering alike.
class TemplateError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// What one rendering may cost. A template is a program that came with a model file, so nobody vouches for its end.
struct Limits {
  std::size_t most_steps = 2'000'000;                  // expressions and statements evaluated
  std::size_t most_depth = 600;                        // of nested expressions, statements and macro calls
  std::size_t most_text_bytes = std::size_t{8} << 20;  // of the output and of any one text
  std::size_t most_elements = 200'000;                 // of any one list
};
inline constexpr int kMostNesting = 200;  // of lists in lists, so that taking one apart needs little stack

}  // namespace motet::prompt::jinja
