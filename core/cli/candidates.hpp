// What may stand next on a command line that is being typed.
#pragma once

#include <string>
#include <vector>

#include "cli/verbs.hpp"

namespace motet::cli {

struct Candidate {
  std::string word;   // whole: the shell sees to what is typed already
  std::string about;  // may be empty
};

struct Candidates {
  std::vector<Candidate> words;  // that begin as the last word does
  bool files = false;            // files may stand there
  bool folders = false;          // folders
};

// `words`: what stands behind `motet`; the last one is being typed and may be empty. A pipeline or plugin that cannot
// be read gives no candidates and no message: whoever types is not done.
Candidates candidates(const std::vector<std::string>& words, const Invocation& invocation);

}  // namespace motet::cli
