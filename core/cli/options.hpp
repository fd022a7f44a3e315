// The options of one verb: declared once, parsed by Boost.Program_options, shown by --help.
#pragma once

#include <boost/program_options.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "cli/verbs.hpp"

namespace motet::cli {

class Options {
 public:
  explicit Options(Help help);

  // `argument` is how the value is called in --help: "NAME=VALUE". What is not given keeps its value.
  Options& flag(const char* name, bool& value, const char* about);
  Options& text(const char* name, std::string& value, const char* argument, const char* about);
  Options& texts(const char* name, std::vector<std::string>& values, const char* argument, const char* about);
  Options& number(const char* name, int& value, int least, int most, const char* argument, const char* about);
  // The values that the last option may have, for completion; a text says them to people, and whoever reads the option
  // refuses others.
  Options& among(std::vector<std::string> values);
  // An argument without a name, in the order of these calls; `what` is how a message calls it.
  Options& positional(const char* what, std::string& value, bool required = true);

  // False where the verb has nothing more to do: --help was asked for and has been written to stdout, or what the verb
  // takes was asked for. Throws base::Error(user).
  bool parse(const Invocation& invocation);

 private:
  struct Positional {
    std::string what;
    std::string* value;
    bool required;
  };
  struct Number {
    std::string name;
    int* value;
    int least, most;
  };
  void declare(const char* name, const char* argument, const char* about);
  void take_positionals(const std::vector<std::string>& given) const;
  std::string help_text() const;

  Declared declared_;
  boost::program_options::options_description described_;
  std::vector<Positional> positionals_;
  std::vector<Number> numbers_;
  bool wants_help_ = false;
};

}  // namespace motet::cli
