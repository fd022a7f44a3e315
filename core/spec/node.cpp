#include "spec/node.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

namespace motet::spec {
namespace {

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// "-12", "+3", "0x1F", "0o17" as a sign, a base and digits; nothing where it is no integer.
struct Integer {
  bool negative;
  int base;
  std::string_view digits;
};
std::optional<Integer> split_integer(std::string_view text) {
  if (text.starts_with("0x")) {
    text.remove_prefix(2);
    if (text.empty() || text.find_first_not_of("0123456789abcdefABCDEF") != text.npos) return std::nullopt;
    return Integer{false, 16, text};
  }
  if (text.starts_with("0o")) {
    text.remove_prefix(2);
    if (text.empty() || text.find_first_not_of("01234567") != text.npos) return std::nullopt;
    return Integer{false, 8, text};
  }
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (!is_digits(text)) return std::nullopt;
  return Integer{negative, 10, text};
}

// [-+]? (digits [. digits?] | . digits) ([eE] [-+]? digits)?
bool is_float(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  const std::size_t e = text.find_first_of("eE");
  std::string_view mantissa = text.substr(0, e);
  if (e != text.npos) {
    std::string_view exponent = text.substr(e + 1);
    if (exponent.starts_with('-') || exponent.starts_with('+')) exponent.remove_prefix(1);
    if (!is_digits(exponent)) return false;
  }
  const std::size_t point = mantissa.find('.');
  if (point == mantissa.npos) return is_digits(mantissa);
  const std::string_view before = mantissa.substr(0, point), after = mantissa.substr(point + 1);
  return (is_digits(before) || (before.empty() && !after.empty())) && (after.empty() || is_digits(after));
}

bool plain(const Node& node) { return node.is_scalar() && !node.quoted; }

}  // namespace

const Node* Node::find(std::string_view key) const {
  for (const Entry& entry : entries) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

Node Node::scalar(std::string text, bool quoted, base::Place place) {
  Node node;
  node.kind = Kind::scalar;
  node.text = std::move(text);
  node.quoted = quoted;
  node.place = std::move(place);
  return node;
}

std::string_view kind_name(Node::Kind kind) {
  switch (kind) {
    case Node::Kind::null:
      return "nothing";
    case Node::Kind::scalar:
      return "text";
    case Node::Kind::list:
      return "a list";
    case Node::Kind::map:
      return "a map";
  }
  return "";
}

std::optional<bool> as_bool(const Node& node) {
  if (!plain(node)) return std::nullopt;
  if (node.text == "true" || node.text == "True" || node.text == "TRUE") return true;
  if (node.text == "false" || node.text == "False" || node.text == "FALSE") return false;
  return std::nullopt;
}

std::optional<std::int64_t> as_int(const Node& node) {
  if (!plain(node)) return std::nullopt;
  const std::optional<Integer> parts = split_integer(node.text);
  if (!parts) return std::nullopt;
  std::uint64_t magnitude = 0;
  const char* end = parts->digits.data() + parts->digits.size();
  if (std::from_chars(parts->digits.data(), end, magnitude, parts->base).ec != std::errc()) return std::nullopt;
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (magnitude > kMost + (parts->negative ? 1 : 0)) return std::nullopt;
  if (!parts->negative) return static_cast<std::int64_t>(magnitude);
  return static_cast<std::int64_t>(~magnitude + 1);  // two's complement also holds for the lowest value
}

std::optional<double> as_float(const Node& node) {
  if (!plain(node)) return std::nullopt;
  std::string_view text = node.text;
  const bool negative = text.starts_with('-');
  const std::string_view bare = negative || text.starts_with('+') ? text.substr(1) : text;
  if (bare == ".inf" || bare == ".Inf" || bare == ".INF") {
    return negative ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
  }
  if (text == ".nan" || text == ".NaN" || text == ".NAN") return std::numeric_limits<double>::quiet_NaN();
  if (const std::optional<std::int64_t> integer = as_int(node)) return static_cast<double>(*integer);
  if (!is_float(text)) return std::nullopt;
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc() || !std::isfinite(value)) return std::nullopt;
  return value;
}

}  // namespace motet::spec
