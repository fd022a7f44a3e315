// What a verb takes, as its own parser has it: what --help, completion and the man page are made of.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace motet::cli {

struct Help {
  std::string_view synopsis;  // "motet run PIPELINE --in NAME=VALUE..."
  std::string_view about;     // one paragraph, may be empty
  std::string_view examples;  // whole lines, may be empty
};

struct DeclaredOption {
  std::string name;                 // without its dashes
  std::string argument;             // "NAME=VALUE"; empty: a flag
  std::string about;                // one sentence
  bool again = false;               // may be given more than once
  std::vector<std::string> values;  // that it may have, where they are few
};

struct Declared {
  Help help;
  std::vector<DeclaredOption> options;
  std::vector<std::string> positionals;  // "PIPELINE"
};

// "motet plugin new" of "motet plugin new --kind KIND NAME".
std::string_view command_of(std::string_view synopsis);

}  // namespace motet::cli
