// stdout: results and nothing else.
#pragma once

#include <string_view>

namespace motet::cli {

// The reader of stdout has gone (as `| head` does): there is nobody left to work for, and nothing is wrong.
struct ReaderGone {};

class StandardOutput {
 public:
  // Unbuffered: what was written has left the process. Throws ReaderGone; base::Error(environment) where stdout cannot
  // take more (a full disk).
  void write(std::string_view bytes);
  // A newline where the last byte was none.
  void end_line();

 private:
  char last_ = '\n';
};

}  // namespace motet::cli
