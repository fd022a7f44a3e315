#include "spec/syntax.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace motet::spec {
namespace {

struct Wording {
  std::string_view theirs;  // how yaml-cpp's message begins
  std::string_view ours;
  std::string_view help;
};
constexpr std::array kWordings = {
    Wording{"illegal map value", "a ':' where no value can begin",
            "quote the text if the ':' belongs to it; otherwise check the indentation of this line and the one before"},
    Wording{"illegal map key", "a key where none can begin", "check the indentation of this line and the one before"},
    Wording{"illegal block entry", "a list item ('- ') where none can begin",
            "begin the list on a line of its own, or write it as [a, b]"},
    Wording{"end of map not found", "the indentation of this line fits nothing above it",
            "indent the keys of one map alike"},
    Wording{"end of sequence not found", "the indentation of this line fits nothing above it",
            "indent the items of one list alike"},
    Wording{"illegal flow end", "a closing bracket that closes nothing", "remove it, or open it before"},
    Wording{"illegal document indicator in scalar", "'---' or '...' within a quoted text", "close the quote before it"},
    Wording{"unknown escape character", "an unknown escape in a text in double quotes",
            "write \\\\ for a backslash, or use single quotes"},
    Wording{"bad character found while scanning hex number", "a broken \\x, \\u or \\U escape",
            "write \\\\ for a backslash, or use single quotes"},
    Wording{"invalid unicode", "an escape that is not a character", "write \\\\ for a backslash, or use single quotes"},
    Wording{"unexpected character in block scalar", "something other than a line end after | or >",
            "begin the text on the next line, indented"},
    Wording{"cannot set zero indentation for a block scalar", "an indentation of zero after | or >",
            "leave the number out"},
};

base::Diagnostic make(std::string code, base::Place place, std::string message, std::string help) {
  base::Diagnostic out;
  out.code = std::move(code);
  out.place = std::move(place);
  out.message = std::move(message);
  out.help = std::move(help);
  return out;
}

// The first tab in the indentation of a line from where the parser was sure to where it gave up.
std::optional<base::Place> indenting_tab(int from, int to, Places& places) {
  for (int i = std::max(from, 0); i <= to && i < places.lines(); ++i) {
    const std::string_view line = places.line(i);
    const std::size_t content = line.find_first_not_of(" \t");
    const std::size_t tab = line.substr(0, std::min(content, line.size())).find('\t');
    if (tab != line.npos && content != line.npos) return places.at(i, static_cast<int>(tab));
  }
  return std::nullopt;
}

// The first quote from `begin` on that opens a text and is never closed.
std::optional<std::size_t> open_quote(std::string_view text, std::size_t begin) {
  for (std::size_t i = begin; i < text.size(); ++i) {
    const char before = i == 0 ? '\n' : text[i - 1];
    const bool starts = std::string_view(" \t\n[{,:").find(before) != std::string_view::npos;
    if (text[i] == '#' && (before == ' ' || before == '\n')) {
      i = std::min(text.find('\n', i), text.size());
    } else if (starts && (text[i] == '"' || text[i] == '\'')) {
      const std::size_t end = end_of_quoted(text, i);
      if (end == text.npos) return i;
      i = end - 1;
    }
  }
  return std::nullopt;
}

base::Diagnostic open_bracket(const base::Place& place, Places& places, const Progress& progress) {
  if (progress.last_text.ends_with('$') && progress.last) {
    return make("M0002", progress.last, "${...} within { } or [ ] is not quoted", "write it in quotes: \"${name}\"");
  }
  if (!progress.open_flow) return make("M0002", place, "a { or [ that is not closed", "close it");
  const bool list = places.text().substr(places.offset(*progress.open_flow)).starts_with('[');
  return make("M0002", *progress.open_flow, list ? "a [ that is not closed" : "a { that is not closed",
              list ? "close it with ], and put a comma between items; quote texts that hold , : [ ] { or }"
                   : "close it with }, and put a comma between pairs; quote texts that hold , : [ ] { or }");
}

}  // namespace

base::Diagnostic syntax_error(const std::string& message, int line, int byte_column, Places& places,
                              const Progress& progress) {
  const base::Place place = places.at(line, byte_column);
  const auto starts = [&](std::string_view prefix) { return std::string_view(message).starts_with(prefix); };
  if (auto tab = indenting_tab(progress.last ? progress.last.line - 1 : 0, line, places)) {
    return make("M0008", *tab, "a tab in the indentation", "indent with spaces");
  }
  if (starts("end of map flow") || starts("end of sequence flow")) return open_bracket(place, places, progress);
  if (starts("illegal EOF in scalar") || starts("illegal document indicator in scalar")) {
    const std::size_t from = progress.last ? places.offset(progress.last) + progress.last_text.size() : 0;
    if (const auto quote = open_quote(places.text(), std::min(from, places.text().size()))) {
      return make("M0002", places.at_offset(*quote), "a quoted text that is not closed",
                  std::string("close it with ") + places.text()[*quote]);
    }
  }
  if (starts("the referenced anchor")) {
    return make("M0005", place, "an alias (*name) is not read here", "quote a text that begins with *");
  }
  const std::size_t at = places.offset(line, byte_column);
  if (starts("illegal flow end") && progress.open_flow && at < places.text().size()) {
    const bool list = places.text()[places.offset(*progress.open_flow)] == '[';
    base::Diagnostic out =
        make("M0002", place, std::string("'") + places.text()[at] + "' where " + (list ? "']'" : "'}'") + " was wanted",
             list ? "close the [ first" : "close the { first");
    out.notes.push_back({*progress.open_flow, "opened here"});
    return out;
  }
  if (starts("unknown token") && at < places.text().size()) {
    return make("M0002", place, std::string("a text cannot begin with '") + places.text()[at] + "'", "quote it");
  }
  for (const Wording& wording : kWordings) {
    if (starts(wording.theirs)) return make("M0002", place, std::string(wording.ours), std::string(wording.help));
  }
  return make("M0002", place, "the YAML cannot be read: " + message,
              "see `motet explain M0002` for the usual mistakes");
}

}  // namespace motet::spec
