#include "cli/inputs.hpp"

#include <algorithm>
#include <map>

#include "base/mapped_file.hpp"
#include "base/nearest.hpp"
#include "base/utf8.hpp"
#include "cli/files.hpp"
#include "report/json_inputs.hpp"

namespace motet::cli {
namespace {

[[noreturn]] void wrong(const std::string& message, std::string help = {}) {
  base::fail(base::ErrorKind::user, message, std::move(help));
}

// One input's values, as many as there are items; a single one serves all of them.
struct Given {
  struct One {
    std::string name;  // of a file among many
    value::Ref value;
    std::optional<base::Error> error;
  };
  bool many = false;
  std::vector<One> values;
};

std::vector<std::string> input_names(const graph::Graph& graph) {
  std::vector<std::string> names;
  for (const graph::Input& input : graph.inputs) names.push_back(input.name);
  return names;
}

std::string checked_text(std::string text, const std::string& what) {
  if (const auto bad = base::first_bad_utf8(text)) {
    wrong(what + ": not UTF-8 text at byte " + std::to_string(*bad), "convert it, for example with iconv -t UTF-8");
  }
  return text;
}

std::vector<std::string> lines(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    out.emplace_back(line);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return out;
}

// "@-" or "@FILE" of an input that is not a path.
std::string read_named(const std::string& name, const std::string& what) {
  if (name == "-") return checked_text(read_standard_input(), what);
  return checked_text(base::read_file(name), what == name ? what : what + ": " + name);
}

value::Ref path_value(graph::Kind kind, const std::string& path) {
  return kind == graph::Kind::audio ? value::make_audio_file(path) : value::make_image_file(path);
}

// One element of a type from the file at `path`.
value::Ref from_file(const graph::PortType& type, const std::string& path) {
  switch (type.kind) {
    case graph::Kind::audio:
    case graph::Kind::image:
      return path_value(type.kind, path);
    case graph::Kind::text:
      return value::make_text(read_named(path, path));
    default:
      return report::value_from_json(read_named(path, path), type, path);
  }
}

Given many_files(const graph::Input& input, const std::vector<std::string>& files) {
  Given given;
  given.many = true;
  for (const std::string& file : files) {
    Given::One one;
    one.name = file;
    try {
      one.value = from_file(input.type, file);
    } catch (const base::Error& error) {
      one.error = error;
    }
    given.values.push_back(std::move(one));
  }
  return given;
}

Given list_of_files(const graph::Input& input, const std::vector<std::string>& files) {
  graph::PortType element = input.type;
  element.list = false;
  value::List list;
  for (const std::string& file : files) list.push_back(from_file(element, file));
  Given given;
  given.values.push_back({"", value::make_list(std::move(list)), {}});
  return given;
}

// Text that stands for a list: a JSON list; from a file also an element a line.
value::Ref list_value(const graph::Input& input, const std::string& text, bool from_named_file,
                      const std::string& what) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first != std::string::npos && text[first] == '[') return report::value_from_json(text, input.type, what);
  if (!from_named_file) {
    wrong(what + " is a list, " + graph::text(input.type),
          "give a JSON list, '[\"one\", \"two\"]', or a file with an element a line, @FILE");
  }
  graph::PortType element = input.type;
  element.list = false;
  value::List list;
  for (std::string& line : lines(text)) {
    list.push_back(element.kind == graph::Kind::text ? value::make_text(std::move(line)) : from_file(element, line));
  }
  return value::make_list(std::move(list));
}

Given one_value(value::Ref value) {
  Given given;
  given.values.push_back({"", std::move(value), {}});
  return given;
}

Given read_text(const graph::Input& input, const std::string& text, const std::string& what) {
  const bool named = text.starts_with('@') && !text.starts_with("@@");
  const std::string plain = text.starts_with('@') ? text.substr(1) : text;
  if (named && plain != "-") {
    if (const auto files = several_files(plain))
      return input.type.list ? list_of_files(input, *files) : many_files(input, *files);
    require_file(plain, what);
  }
  std::string content = named ? read_named(plain, what) : checked_text(plain, what);
  return one_value(input.type.list ? list_value(input, content, named, what) : value::make_text(std::move(content)));
}

Given read_path(const graph::Input& input, const std::string& text, const std::string& what) {
  if (text.empty()) wrong(what + " is empty", "give the path of a file");
  if (text.starts_with('[') || text.starts_with('{'))
    return one_value(report::value_from_json(checked_text(text, what), input.type, what));
  if (input.type.list && text.starts_with('@')) {
    return one_value(list_value(input, read_named(text.substr(1), what), true, what));
  }
  const std::string path = text.starts_with('@') ? text.substr(1) : text;
  if (const auto files = several_files(path))
    return input.type.list ? list_of_files(input, *files) : many_files(input, *files);
  require_file(path, what);
  if (input.type.list) return list_of_files(input, {path});
  return one_value(from_file(input.type, path));
}

Given read_value(const graph::Input& input, const std::string& text, const std::string& what) {
  return input.type.kind == graph::Kind::text ? read_text(input, text, what) : read_path(input, text, what);
}

using Named = std::map<std::string, Given>;

Named read_named_inputs(const std::vector<std::string>& in, const graph::Graph& graph) {
  Named out;
  for (const std::string& argument : in) {
    if (argument.starts_with('@')) continue;
    const std::size_t equals = argument.find('=');
    if (equals == std::string::npos || equals == 0)
      wrong("--in " + argument + " has no value", "write --in NAME=VALUE, --in @FILE.jsonl or --in @-");
    const std::string name = argument.substr(0, equals);
    const auto input = std::find_if(graph.inputs.begin(), graph.inputs.end(),
                                    [&](const graph::Input& one) { return one.name == name; });
    if (input == graph.inputs.end())
      wrong("the pipeline has no input '" + name + "'", base::suggestion(name, input_names(graph)));
    if (out.contains(name)) {
      wrong("--in " + name + " is given twice", input->type.list
                                                    ? "a list is one value: '[\"one\", \"two\"]' or @FILE"
                                                    : "for many items give a folder, a glob or @FILE.jsonl");
    }
    out.emplace(name, read_value(*input, argument.substr(equals + 1), "--in " + name));
  }
  return out;
}

struct Line {
  std::string name;
  std::string text;
};

std::vector<Line> read_lines(const std::vector<std::string>& in) {
  std::vector<Line> out;
  for (const std::string& argument : in) {
    if (!argument.starts_with('@')) continue;
    const std::string file = argument.substr(1);
    const std::string shown = file == "-" ? "stdin" : file;
    if (file != "-") require_file(file, "--in " + argument);
    int number = 0;
    for (std::string& line : lines(read_named(file, shown))) {
      ++number;
      if (line.find_first_not_of(" \t") == std::string::npos) continue;
      out.push_back({shown + ":" + std::to_string(number), std::move(line)});
    }
    if (out.empty()) wrong(shown + " holds no items", "write a JSON object a line, with the inputs' names as keys");
  }
  return out;
}

Given read_default(const graph::Input& input) {
  return read_value(input, *input.otherwise, "the default of input '" + input.name + "'");
}

// What is not given: its default, or a mistake.
void complete(const graph::Graph& graph, Named& named) {
  for (const graph::Input& input : graph.inputs) {
    if (named.contains(input.name)) continue;
    if (input.otherwise) {
      named.emplace(input.name, read_default(input));
      continue;
    }
    const bool is_path = input.type.kind != graph::Kind::text;
    wrong("input '" + input.name + "' (" + graph::text(input.type) + ") is missing",
          "add --in " + input.name + (is_path ? "=FILE" : "=VALUE") + (input.help.empty() ? "" : ": " + input.help));
  }
}

std::vector<GivenItem> combine(const Named& named) {
  std::size_t count = 1;
  std::string of;
  for (const auto& [name, given] : named) {
    if (!given.many) continue;
    if (!of.empty() && count != given.values.size()) {
      wrong("--in " + of + " gives " + std::to_string(count) + " items, --in " + name + " " +
                std::to_string(given.values.size()),
            "give one value for all items, or write the items to a file: --in @FILE.jsonl");
    }
    of = name;
    count = given.values.size();
  }
  std::vector<GivenItem> items(count);
  for (std::size_t i = 0; i < count; ++i) {
    for (const auto& [name, given] : named) {
      const Given::One& one = given.values[given.many ? i : 0];
      if (one.error) items[i].error = one.error;
      if (name == of) items[i].name = one.name;
      items[i].item.inputs[name] = one.value;
    }
  }
  return items;
}

// A line's own failure stays with its item: the others go on.
std::vector<GivenItem> items_of_lines(const std::vector<Line>& lines, const Named& named, const graph::Graph& graph) {
  for (const auto& [name, given] : named) {
    if (given.many)
      wrong("--in " + name + " gives many items, and so does @FILE.jsonl", "give one value for all lines");
  }
  Named defaults;
  std::vector<GivenItem> items;
  for (const Line& line : lines) {
    GivenItem item;
    item.name = line.name;
    for (const auto& [name, given] : named) item.item.inputs[name] = given.values.front().value;
    try {
      for (auto& [name, value] : report::item_from_json(line.text, graph)) {
        if (!item.item.inputs.emplace(name, value).second)
          base::fail(base::ErrorKind::item, "input '" + name + "' is also given with --in");
      }
      for (const graph::Input& input : graph.inputs) {
        if (item.item.inputs.contains(input.name)) continue;
        if (!input.otherwise) base::fail(base::ErrorKind::item, "input '" + input.name + "' is missing");
        if (!defaults.contains(input.name)) defaults.emplace(input.name, read_default(input));
        item.item.inputs[input.name] = defaults.at(input.name).values.front().value;
      }
    } catch (const base::Error& error) {
      item.error = error;
    }
    items.push_back(std::move(item));
  }
  return items;
}

}  // namespace

std::vector<GivenItem> read_items(const std::vector<std::string>& in, const graph::Graph& graph) {
  Named named = read_named_inputs(in, graph);
  const std::vector<Line> lines = read_lines(in);
  if (!lines.empty()) return items_of_lines(lines, named, graph);
  complete(graph, named);
  return combine(named);
}

}  // namespace motet::cli
