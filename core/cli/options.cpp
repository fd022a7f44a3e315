#include "cli/options.hpp"

#include <algorithm>
#include <sstream>

#include "base/error.hpp"
#include "base/nearest.hpp"
#include "cli/standard_output.hpp"

namespace motet::cli {
namespace po = boost::program_options;
namespace {

constexpr unsigned kColumns = 100;
constexpr const char* kRest = "rest of the arguments";  // no option can have this name

[[noreturn]] void wrong(const std::string& message, std::string help) {
  base::fail(base::ErrorKind::user, message, std::move(help));
}

}  // namespace

std::string_view command_of(std::string_view synopsis) {
  for (std::size_t at = 0; at < synopsis.size();) {
    const std::size_t end = std::min(synopsis.find(' ', at), synopsis.size());
    if (synopsis[at] < 'a' || synopsis[at] > 'z') return synopsis.substr(0, at == 0 ? 0 : at - 1);
    at = end + 1;
  }
  return synopsis;
}

Options::Options(Help help) : declared_{help, {}, {}}, described_("Options", kColumns) {
  flag("help", wants_help_, "shows this text");
}

Options& Options::flag(const char* name, bool& value, const char* about) {
  described_.add_options()(name, po::bool_switch(&value)->default_value(value), about);
  declare(name, "", about);
  return *this;
}

Options& Options::text(const char* name, std::string& value, const char* argument, const char* about) {
  described_.add_options()(name, po::value(&value)->value_name(argument), about);
  declare(name, argument, about);
  return *this;
}

Options& Options::texts(const char* name, std::vector<std::string>& values, const char* argument, const char* about) {
  described_.add_options()(name, po::value(&values)->value_name(argument), about);
  declare(name, argument, about);
  declared_.options.back().again = true;
  return *this;
}

Options& Options::number(const char* name, int& value, int least, int most, const char* argument, const char* about) {
  described_.add_options()(name, po::value(&value)->value_name(argument), about);
  declare(name, argument, about);
  numbers_.push_back({"--" + std::string(name), &value, least, most});
  return *this;
}

Options& Options::among(std::vector<std::string> values) {
  declared_.options.back().values = std::move(values);
  return *this;
}

void Options::declare(const char* name, const char* argument, const char* about) {
  declared_.options.push_back({name, argument, about, false, {}});
}

Options& Options::positional(const char* what, std::string& value, bool required) {
  declared_.positionals.emplace_back(what);
  positionals_.push_back({what, &value, required});
  return *this;
}

bool Options::parse(const Invocation& invocation) {
  if (invocation.declared != nullptr) {
    *invocation.declared = declared_;
    return false;
  }
  const std::string see = "see: " + std::string(command_of(declared_.help.synopsis)) + " --help";
  std::vector<std::string> rest;
  po::options_description all;
  all.add(described_);
  all.add_options()(kRest, po::value(&rest));
  po::positional_options_description order;
  order.add(kRest, -1);
  try {
    po::variables_map values;
    const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    po::store(po::command_line_parser(invocation.arguments).options(all).positional(order).style(style).run(), values);
    po::notify(values);
  } catch (const po::unknown_option& error) {
    std::vector<std::string> names;
    for (const DeclaredOption& option : declared_.options) names.push_back("--" + option.name);
    const std::vector<std::string> near = base::nearest(error.get_option_name(), names);
    wrong("there is no option '" + error.get_option_name() + "'",
          near.empty() ? see : "did you mean '" + near.front() + "'?");
  } catch (const po::multiple_occurrences& error) {
    wrong("the option '" + error.get_option_name() + "' is given twice", "leave one out");
  } catch (const po::error& error) {
    wrong(error.what(), see);
  }
  if (wants_help_) {
    StandardOutput().write(help_text());
    return false;
  }
  for (const Number& number : numbers_) {
    if (*number.value < number.least || *number.value > number.most) {
      wrong(number.name + " is " + std::to_string(*number.value),
            "it goes from " + std::to_string(number.least) + " to " + std::to_string(number.most));
    }
  }
  take_positionals(rest);
  return true;
}

void Options::take_positionals(const std::vector<std::string>& given) const {
  for (std::size_t i = 0; i < positionals_.size(); ++i) {
    if (i < given.size()) {
      *positionals_[i].value = given[i];
    } else if (positionals_[i].required) {
      wrong(positionals_[i].what + " is missing", "usage: " + std::string(declared_.help.synopsis));
    }
  }
  if (given.size() > positionals_.size()) {
    const std::string& extra = given[positionals_.size()];
    wrong("'" + extra + "' is one argument too many", extra.find('=') == std::string::npos
                                                          ? "usage: " + std::string(declared_.help.synopsis)
                                                          : "did you mean '--in " + extra + "'?");
  }
}

std::string Options::help_text() const {
  std::ostringstream out;
  out << "usage: " << declared_.help.synopsis << "\n\n";
  if (!declared_.help.about.empty()) out << declared_.help.about << "\n\n";
  out << described_;
  if (!declared_.help.examples.empty()) out << "\nExamples:\n" << declared_.help.examples;
  return out.str();
}

}  // namespace motet::cli
