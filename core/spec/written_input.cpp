#include "spec/written_input.hpp"

#include <string_view>

namespace motet::spec {
namespace {

namespace fs = std::filesystem;

std::string from_folder(std::string_view path, const fs::path& folder) {
  return fs::path(path).is_absolute() ? std::string(path) : (folder / path).lexically_normal().string();
}

std::string json_text(std::string_view text) {
  constexpr const char* kHex = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += std::string("\\u00") + kHex[c / 16] + kHex[c % 16];
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string json(const Node& node, bool text, const fs::path& folder) {
  std::string out;
  switch (node.kind) {
    case Node::Kind::null:
      return "null";
    case Node::Kind::scalar:
      if (text) return json_text(node.text);
      if (const auto boolean = as_bool(node)) return *boolean ? "true" : "false";
      if (const auto integer = as_int(node)) return std::to_string(*integer);
      if (as_float(node) && node.text.find_first_not_of("0123456789.eE+-") == std::string::npos) {
        // JSON wants a digit before the point and none but it after a sign.
        std::string number = node.text;
        if (number.front() == '+') number.erase(0, 1);
        if (const std::size_t point = number.find('.'); point != std::string::npos) {
          if (point + 1 == number.size() || number[point + 1] < '0' || number[point + 1] > '9')
            number.insert(point + 1, "0");
          if (point == 0 || number[point - 1] == '-') number.insert(point, "0");
        }
        return number;
      }
      return json_text(from_folder(node.text, folder));
    case Node::Kind::list:
      for (const Node& item : node.items) out += (out.empty() ? "" : ", ") + json(item, text, folder);
      return "[" + out + "]";
    case Node::Kind::map:
      for (const Entry& entry : node.entries)
        out += (out.empty() ? "" : ", ") + json_text(entry.key) + ": " + json(entry.value, text, folder);
      return "{" + out + "}";
  }
  return out;
}

}  // namespace

std::string written_input(const Node& node, bool text, const fs::path& folder) {
  if (!node.is_scalar()) return json(node, text, folder);
  const std::string& word = node.text;
  if (word.starts_with("@@") || word == "@-" || (text && !word.starts_with('@'))) return word;
  return word.starts_with('@') ? "@" + from_folder(word.substr(1), folder) : from_folder(word, folder);
}

}  // namespace motet::spec
