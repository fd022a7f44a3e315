// The options of one verb: declared once, parsed by Boost.Program_options, shown by --help.
#pragma once

#include <boost/program_options.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace motet::cli {

struct Help {
  std::string_view synopsis;  // "motet run PIPELINE --in NAME=VALUE..."
  std::string_view about;     // one paragraph, may be empty
  std::string_view examples;  // whole lines, may be empty
};

class Options {
 public:
  explicit Options(Help help);

  // `argument` is how the value is called in --help: "NAME=VALUE". What is not given keeps its value.
  Options& flag(const char* name, bool& value, const char* about);
  Options& text(const char* name, std::string& value, const char* argument, const char* about);
  Options& texts(const char* name, std::vector<std::string>& values, const char* argument, const char* about);
  Options& number(const char* name, int& value, int least, int most, const char* argument, const char* about);
  // An argument without a name, in the order of these calls; `what` is how a message calls it.
  Options& positional(const char* what, std::string& value, bool required = true);

  // False where --help was asked for; it has been written to stdout then. Throws base::Error(user).
  bool parse(const std::vector<std::string>& arguments);

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
  void take_positionals(const std::vector<std::string>& given) const;
  std::string help_text() const;

  Help help_;
  boost::program_options::options_description described_;
  std::vector<std::string> names_;
  std::vector<Positional> positionals_;
  std::vector<Number> numbers_;
  bool wants_help_ = false;
};

}  // namespace motet::cli
