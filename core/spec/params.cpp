#include "spec/params.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/nearest.hpp"
#include "spec/sections.hpp"

namespace motet::spec {
namespace {

struct TypeName {
  std::string_view name;
  ParamType type;
  std::string_view one, many;
};
constexpr std::array kTypes = {
    TypeName{"string", ParamType::string, "text", "texts"},
    TypeName{"text", ParamType::string, "text", "texts"},
    TypeName{"enum", ParamType::string, "text", "texts"},
    TypeName{"path", ParamType::path, "a path", "paths"},
    TypeName{"int", ParamType::integer, "an int", "ints"},
    TypeName{"float", ParamType::floating, "a float", "floats"},
    TypeName{"bool", ParamType::boolean, "true or false", "bools"},
};

std::optional<ParamValue> typed_one(ParamType type, const Node& node) {
  if (!node.is_scalar()) return std::nullopt;
  switch (type) {
    case ParamType::boolean:
      if (const auto value = as_bool(node)) return ParamValue{*value};
      return std::nullopt;
    case ParamType::integer:
      if (const auto value = as_int(node)) return ParamValue{*value};
      return std::nullopt;
    case ParamType::floating:
      if (const auto value = as_float(node)) return ParamValue{*value};
      return std::nullopt;
    case ParamType::string:
    case ParamType::path:
      return ParamValue{node.text};
  }
  return std::nullopt;
}

std::string shown(const ParamValue& value) {
  if (const auto* text = std::get_if<std::string>(&value.data)) return "'" + *text + "'";
  return to_node(value, {}).text;
}

std::string misfit_one(const ParamSpec& param, const ParamValue& value) {
  std::optional<double> number;
  if (const auto* i = std::get_if<std::int64_t>(&value.data)) number = static_cast<double>(*i);
  if (const auto* f = std::get_if<double>(&value.data)) number = *f;
  if (number && std::isnan(*number) && (param.min || param.max)) return "is not a number";
  if (number && param.min && *number < *param.min)
    return "is " + shown(value) + ", the least is " + number_text(*param.min);
  if (number && param.max && *number > *param.max)
    return "is " + shown(value) + ", the most is " + number_text(*param.max);
  if (param.choices.empty()) return {};
  std::string known;
  for (const Node& choice : param.choices) {
    if (typed_one(param.type, choice) == value) return {};
    known += (known.empty() ? "" : ", ") + choice.text;
  }
  return "is " + shown(value) + ", the choices are " + known;
}

bool read_type(ParamSpec& param, base::Diagnostics& diagnostics) {
  std::string_view name = param.type_text.text;
  param.list = name.ends_with("[]");
  if (param.list) name.remove_suffix(2);
  std::vector<std::string> known;
  for (const TypeName& type : kTypes) {
    if (type.name == name) {
      param.type = type.type;
      return true;
    }
    known.emplace_back(type.name);
  }
  diagnostics.add("M0018", param.type_text.place, "unknown type '" + param.type_text.text + "' of a parameter",
                  base::suggestion(name, known));
  return false;
}

void read_limit(const Fields& fields, const char* key, const ParamSpec& param, std::optional<double>& out,
                base::Diagnostics& diagnostics) {
  const Node* node = fields.find(key);
  if (node == nullptr) return;
  const bool numeric = param.type == ParamType::integer || param.type == ParamType::floating;
  const std::optional<double> value = as_float(*node);
  if (!numeric) {
    diagnostics.add("M0020", node->place, std::string("'") + key + "' on a parameter that is no number", "remove it");
  } else if (!value || std::isnan(*value)) {
    diagnostics.add("M0018", node->place, std::string("'") + key + "' is not a number",
                    std::string("write, for example, '") + key + ": 1'");
  } else {
    out = value;
  }
}

void read_choices(const Fields& fields, ParamSpec& param, base::Diagnostics& diagnostics) {
  const Node* node = fields.find("choices");
  const bool is_enum = param.type_text.text.starts_with("enum");
  if (node == nullptr) {
    if (is_enum) diagnostics.add("M0020", param.type_text.place, "an enum needs 'choices'", "write 'choices: [a, b]'");
    return;
  }
  if (!node->is_list() || node->items.empty()) {
    refuse_kind(*node, "'choices'", "a list with one value or more", "write 'choices: [a, b]'", diagnostics);
    return;
  }
  if (param.type == ParamType::boolean || param.type == ParamType::path) {
    diagnostics.add("M0020", node->place, "'choices' on " + type_words(param), "remove it");
    return;
  }
  for (const Node& item : node->items) {
    if (typed_one(param.type, item)) {
      param.choices.push_back(item);
    } else {
      diagnostics.add("M0020", item.place, "a choice is not of the parameter's type " + param.type_text.text, "");
    }
  }
}

// A default that holds ${...} is only known when the pipeline is expanded; it is checked there.
void check_default(const ParamSpec& param, base::Diagnostics& diagnostics) {
  const Node& node = *param.default_value;
  const auto holds_dollar = [](const Node& n) { return n.text.find("${") != std::string::npos; };
  if (holds_dollar(node) || std::any_of(node.items.begin(), node.items.end(), holds_dollar)) return;
  const std::optional<ParamValue> value = typed(param, node);
  if (!value) {
    diagnostics.add("M0020", node.place, "the default is not " + type_words(param),
                    (node.quoted && !param.list ? "write it without quotes: " : "write ") + words_and_example(param) +
                        ", or declare another 'type'");
  } else if (const std::string wrong = misfit(param, *value); !wrong.empty()) {
    diagnostics.add("M0020", node.place, "the default " + wrong, "choose another, or change what is declared here");
  }
}

ParamSpec read_param(const Entry& entry, base::Diagnostics& diagnostics) {
  ParamSpec param;
  param.name = name_of(entry, "a parameter's name", diagnostics);
  if (param.name.text == "env") {
    diagnostics.add("M0015", param.name.place, "a parameter cannot be called 'env'",
                    "${env:NAME} is the environment: choose another name");
  }
  if (entry.value.is_scalar()) {  // `model: path` for `model: {type: path}`, as inputs are written
    param.type_text = {entry.value.text, entry.value.place};
    if (read_type(param, diagnostics) && param.type_text.text.starts_with("enum")) {
      diagnostics.add("M0020", param.type_text.place, "an enum needs 'choices'",
                      "write '{type: enum, choices: [a, b]}'");
    }
    return param;
  }
  if (!entry.value.is_map()) {
    refuse_kind(entry.value, "the parameter '" + entry.key + "'", "a type or a map",
                "write, for example, '" + entry.key + ": {type: path}'", diagnostics);
    return param;
  }
  const Fields fields(entry.value, "a parameter", {"type", "default", "min", "max", "choices", "help"}, diagnostics);
  fields.require("type", entry.key_place, "write, for example, 'type: path'");
  param.type_text = fields.text("type");
  param.help = fields.text("help").text;
  if (const Node* value = fields.find("default")) param.default_value = *value;
  if (param.type_text.empty() || !read_type(param, diagnostics)) return param;
  read_limit(fields, "min", param, param.min, diagnostics);
  read_limit(fields, "max", param, param.max, diagnostics);
  if (param.min && param.max && *param.min > *param.max) {
    diagnostics.add("M0020", fields.find("max")->place, "'max' is below 'min'", "");
  }
  read_choices(fields, param, diagnostics);
  if (param.default_value) check_default(param, diagnostics);
  return param;
}

}  // namespace

std::vector<ParamSpec> read_params(const Fields& pipeline, base::Diagnostics& diagnostics) {
  std::vector<ParamSpec> out;
  const Node* section = pipeline.map("params", "write 'params: {name: {type: path}}'");
  if (section == nullptr) return out;
  for (const Entry& entry : section->entries) {
    const std::size_t before = diagnostics.size();
    out.push_back(read_param(entry, diagnostics));
    out.back().broken = diagnostics.size() > before;
  }
  return out;
}

std::optional<ParamValue> typed(const ParamSpec& param, const Node& node) {
  if (!param.list) return typed_one(param.type, node);
  if (!node.is_list()) return std::nullopt;
  std::vector<ParamValue> values;
  for (const Node& item : node.items) {
    std::optional<ParamValue> value = typed_one(param.type, item);
    if (!value) return std::nullopt;
    values.push_back(std::move(*value));
  }
  return ParamValue{std::move(values)};
}

std::string misfit(const ParamSpec& param, const ParamValue& value) {
  const auto* list = std::get_if<std::vector<ParamValue>>(&value.data);
  if (list == nullptr) return misfit_one(param, value);
  for (const ParamValue& item : *list) {
    if (std::string wrong = misfit_one(param, item); !wrong.empty()) return "holds one that " + wrong;
  }
  return {};
}

std::string type_words(const ParamSpec& param) {
  for (const TypeName& type : kTypes) {
    if (type.type == param.type) return param.list ? "a list of " + std::string(type.many) : std::string(type.one);
  }
  return {};
}

std::string words_and_example(const ParamSpec& param) {
  switch (param.type) {
    case ParamType::integer:
      return param.list ? "whole numbers, such as [1, 2]" : "a whole number, such as 1";
    case ParamType::floating:
      return param.list ? "numbers, such as [0.5, 2]" : "a number, such as 0.5";
    case ParamType::boolean:
      return param.list ? "truths, such as [true, false]" : "true or false";
    default:
      return param.list ? "a list, such as [a, b]" : "a text";
  }
}

std::string number_text(double number) {
  if (std::isnan(number)) return ".nan";
  if (std::isinf(number)) return number < 0 ? "-.inf" : ".inf";
  std::array<char, 32> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  return {buffer.data(), result.ptr};
}

Node to_node(const ParamValue& value, const base::Place& place) {
  struct Visitor {
    const base::Place& place;
    Node operator()(bool v) const { return Node::scalar(v ? "true" : "false", false, place); }
    Node operator()(std::int64_t v) const { return Node::scalar(std::to_string(v), false, place); }
    Node operator()(double v) const { return Node::scalar(number_text(v), false, place); }
    Node operator()(const std::string& v) const { return Node::scalar(v, true, place); }
    Node operator()(const std::vector<ParamValue>& v) const {
      Node list;
      list.kind = Node::Kind::list;
      list.place = place;
      for (const ParamValue& item : v) list.items.push_back(to_node(item, place));
      return list;
    }
  };
  return std::visit(Visitor{place}, value.data);
}

}  // namespace motet::spec
