#include "spec/substitution.hpp"

#include <cstdlib>
#include <vector>

#include "base/nearest.hpp"
#include "base/utf8.hpp"
#include "spec/document.hpp"
#include "spec/params.hpp"

namespace motet::spec {

// One ${...}: where it ends, and what it stands for.
struct Substitution::Part {
  std::size_t end = 0;                // behind the }
  const ParamValue* value = nullptr;  // of a parameter
  std::string text;                   // of the environment
  bool untyped = false;               // from the environment
};

const ParamValue* Substitution::parameter(const Node& scalar, std::string_view body, std::size_t index, int length) {
  if (!is_name(body)) {
    const bool looks_like_shell = body.find(":-") != body.npos;
    diagnostics_.add("M0023", place_of_dollar(scalar, index, length), "'${" + std::string(body) + "}' cannot be read",
                     looks_like_shell
                         ? "a parameter's default stands in 'params:'; only ${env:NAME:-default} has one here"
                         : "write ${name}, ${env:NAME} or ${env:NAME:-default}; a literal ${ is $${");
    return nullptr;
  }
  const auto found = values_.find(body);
  if (found != values_.end()) return &found->second;
  std::vector<std::string> known;
  for (const auto& [name, value] : values_) known.push_back(name);
  diagnostics_.add("M0021", place_of_dollar(scalar, index, length), "there is no parameter '" + std::string(body) + "'",
                   known.empty() ? "declare it under 'params:'" : base::suggestion(body, known));
  return nullptr;
}

bool Substitution::read_environment(const Node& scalar, std::string_view body, std::size_t index, int length,
                                    std::string& out) {
  const std::size_t split = body.find(":-");
  const std::string name(body.substr(0, split));
  if (!is_name(name) || name.find('-') != name.npos) {
    diagnostics_.add("M0023", place_of_dollar(scalar, index, length),
                     "'" + name + "' cannot be the name of an environment variable",
                     "write ${env:NAME} or ${env:NAME:-default}");
    return false;
  }
  const char* value = std::getenv(name.c_str());
  if (value != nullptr && (*value != '\0' || split == body.npos)) {
    if (const auto bad = base::first_bad_utf8(value)) {
      diagnostics_.add("M0022", place_of_dollar(scalar, index, length),
                       "the environment variable " + name + " is not UTF-8 from byte " + std::to_string(*bad), "");
      return false;
    }
    out = value;
    return true;
  }
  if (split != body.npos) {
    out = std::string(body.substr(split + 2));
    return true;
  }
  diagnostics_.add("M0022", place_of_dollar(scalar, index, length), "the environment variable " + name + " is not set",
                   "set it, or write ${env:" + name + ":-default}");
  return false;
}

Substitution::Part Substitution::read(const Node& scalar, std::size_t begin, std::size_t index) {
  Part part;
  const std::string_view text = scalar.text;
  const std::size_t close = text.find('}', begin);
  if (close == text.npos) {
    diagnostics_.add("M0023", place_of_dollar(scalar, index, 2), "a ${ that is not closed",
                     "close it with }, or write $${ for a literal ${");
    part.end = text.size();
    return part;
  }
  part.end = close + 1;
  std::string_view body = text.substr(begin + 2, close - begin - 2);
  const int length = static_cast<int>(base::count_characters(body)) + 3;
  if (body.starts_with("env:")) {
    part.untyped = read_environment(scalar, body.substr(4), index, length, part.text);
  } else {
    part.value = parameter(scalar, body, index, length);
  }
  return part;
}

Node Substitution::scalar(const Node& node, bool must_be_text) {
  const std::string_view text = node.text;
  if (text.find("${") == text.npos) return node;
  std::string out;
  std::size_t at = 0;
  for (std::size_t index = 0;; ++index) {
    const std::size_t dollar = text.find("${", at);
    if (dollar == text.npos) break;
    if (dollar > at && text[dollar - 1] == '$') {
      out.append(text.substr(at, dollar - 1 - at)).append("${");
      at = dollar + 2;
      continue;
    }
    out.append(text.substr(at, dollar - at));
    Part part = read(node, dollar, index);
    const bool whole = dollar == 0 && part.end == text.size();
    if (whole && part.value != nullptr && !must_be_text) return charged(to_node(*part.value, node.place));
    if (whole && part.untyped && !must_be_text) return Node::scalar(std::move(part.text), false, node.place);
    if (part.value != nullptr) {
      if (std::holds_alternative<std::vector<ParamValue>>(part.value->data)) {
        diagnostics_.add("M0023", place_of_dollar(node, index, static_cast<int>(part.end - dollar)),
                         "a list cannot stand within a text", "let the value be the ${...} alone");
      } else {
        part.text = to_node(*part.value, node.place).text;
      }
    }
    if (!charge(part.text.size(), node)) return Node::scalar({}, true, node.place);
    out += part.text;
    at = part.end;
  }
  out.append(text.substr(at));
  return Node::scalar(std::move(out), true, node.place);
}

Node Substitution::charged(Node node) {
  std::size_t bytes = node.text.size();
  for (const Node& item : node.items) bytes += item.text.size() + sizeof(Node);
  return charge(bytes, node) ? node : Node::scalar({}, true, node.place);
}

// False, and once a diagnostic, where the expansion has become too large.
bool Substitution::charge(std::size_t bytes, const Node& node) {
  const bool fitted = made_bytes_ <= kMostExpandedBytes;
  if (fitted) made_bytes_ += bytes;
  if (made_bytes_ <= kMostExpandedBytes) return true;
  if (fitted) {
    diagnostics_.add("M0007", node.place,
                     "the parameters expand to more than " + std::to_string(kMostExpandedBytes) + " bytes",
                     "put data into files of its own and name their paths");
  }
  return false;
}

Node Substitution::node(const Node& node) {
  if (node.is_scalar()) return scalar(node, false);
  Node out = node;
  for (Node& item : out.items) item = this->node(item);
  for (Entry& entry : out.entries) entry.value = this->node(entry.value);
  return out;
}

std::string Substitution::text(const Node& scalar) { return this->scalar(scalar, true).text; }

std::string unbraced_help(std::string_view text) {
  if (!text.starts_with('$')) return {};
  const std::string_view name = text.substr(1, text.find('/') - 1);
  if (!is_name(name)) return {};
  return "a parameter is written with braces: \"${" + std::string(name) + "}\"";
}

}  // namespace motet::spec
