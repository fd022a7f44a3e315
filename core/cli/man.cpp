#include <string>
#include <string_view>

#include "cli/options.hpp"
#include "cli/standard_output.hpp"
#include "cli/version.hpp"

namespace motet::cli {
namespace {

constexpr Help kHelp = {"motet man", "Prints the manual page of motet with all of its verbs, as man reads it.",
                        "  motet man | man -l -\n"};

// Text in which nothing is a request or an escape.
std::string plain(std::string_view text) {
  std::string out;
  bool begins = true;
  for (const char c : text) {
    if (begins && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
    begins = c == '\n';
  }
  return out;
}

// Paragraphs as they are, an empty line between them.
std::string paragraphs(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = text.find("\n\n");
    out += ".PP\n" + plain(text.substr(0, end)) + "\n";
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
  }
  return out;
}

std::string literal(std::string_view text) {
  std::string out = ".PP\n.RS 4\n.nf\n" + plain(text);
  if (!out.ends_with('\n')) out += '\n';
  return out + ".fi\n.RE\n";
}

std::string section(const Declared& verb, std::string_view about) {
  const std::string_view command = command_of(verb.help.synopsis);
  std::string out = ".SS " + plain(command.substr(command.find(' ') + 1)) + "\n";
  out += "\\fB" + plain(command) + "\\fR" + plain(verb.help.synopsis.substr(command.size())) + "\n";
  out += verb.help.about.empty() ? ".PP\n" + plain(about) + "\n" : paragraphs(verb.help.about);
  for (const DeclaredOption& option : verb.options) {
    if (option.name == "help") continue;
    out += ".TP\n\\fB\\-\\-" + plain(option.name) + "\\fR";
    if (!option.argument.empty()) out += " \\fI" + plain(option.argument) + "\\fR";
    out += "\n" + plain(option.about) + "\n";
  }
  if (!verb.help.examples.empty()) out += literal(verb.help.examples);
  return out;
}

std::string sections(std::span<const Verb> verbs, const Invocation& invocation) {
  std::string out;
  for (const Verb& verb : verbs)
    out += verb.inner != nullptr ? sections(verb.inner(), invocation) : section(declared(verb, invocation), verb.about);
  return out;
}

std::string page(const Invocation& invocation) {
  std::string version = version_text().substr(0, version_text().find(" ("));
  return ".TH MOTET 1 \"\" \"" + plain(version) +
         "\" \"User Commands\"\n"
         ".SH NAME\nmotet \\- runs pipelines of plugins\n"
         ".SH SYNOPSIS\n\\fBmotet\\fR \\fIVERB\\fR [\\fIARGUMENT\\fR...]\n"
         ".SH DESCRIPTION\nMotet runs pipelines of plugins: a YAML file wires stages that hear, see, read and answer.\n"
         "Each verb takes \\fB\\-\\-help\\fR.\n"
         ".SH VERBS\n" +
         sections(verbs(), invocation) +
         ".SH EXIT STATUS\n"
         ".TP\n0\nall well\n.TP\n1\nsome item failed, or some test; the others finish\n"
         ".TP\n2\nthe arguments, the pipeline or a file they name is wrong or missing\n"
         ".TP\n3\nno such device, driver or memory, or the output cannot be written\n"
         ".TP\n4\na plugin crashed or broke its contract\n.TP\n130\nCtrl\\-C\n"
         ".SH ENVIRONMENT\n"
         ".TP\n\\fBMOTET_PLUGINS\\fR\nfolders of plugins, separated by colons\n"
         ".TP\n\\fBMOTET_CHECKED\\fR\n1: as \\fB\\-\\-checked\\fR\n";
}

}  // namespace

int man(const Invocation& invocation) {
  Options options(kHelp);
  if (!options.parse(invocation)) return 0;
  StandardOutput().write(page(invocation));
  return 0;
}

}  // namespace motet::cli
