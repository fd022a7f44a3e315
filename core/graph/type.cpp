#include "graph/type.hpp"

#include <array>
#include <cctype>
#include <charconv>
#include <optional>

#include "base/error.hpp"

namespace motet::graph {
namespace {

constexpr std::array<std::string_view, 6> kKinds = {"text", "image", "audio", "table", "tokens", "tensor"};

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::optional<DimPattern> parse_dim(std::string_view text) {
  DimPattern dim;
  if (text == "...") {
    dim.ellipsis = true;
    return dim;
  }
  if (text.empty()) return std::nullopt;
  if (std::isdigit(static_cast<unsigned char>(text.front())) != 0) {
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), dim.size);
    if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return dim;
  }
  for (char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_') return std::nullopt;
  }
  dim.letter = std::string(text);
  return dim;
}

bool parse_dims(std::string_view text, std::vector<DimPattern>& out) {
  if (trim(text).empty()) return true;  // a scalar
  while (true) {
    const std::size_t comma = text.find(',');
    const std::optional<DimPattern> dim = parse_dim(trim(text.substr(0, comma)));
    if (!dim || (dim->ellipsis && !out.empty()) || out.size() >= tensor::kMaxRank) return false;
    out.push_back(*dim);
    if (comma == std::string_view::npos) return true;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace

std::string_view name(Kind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

bool parse_value_type(std::string_view text, PortType& out) {
  text = trim(text);
  // "f32[]" is a tensor without dimensions, "text[]" a list.
  if (text.size() > 2 && text.substr(text.size() - 2) == "[]" &&
      !tensor::parse_dtype(text.substr(0, text.size() - 2))) {
    out.list = true;
    text = trim(text.substr(0, text.size() - 2));
  }
  for (std::size_t i = 0; i < kKinds.size(); ++i) {
    if (text == kKinds[i]) {
      out.kind = static_cast<Kind>(i);
      return out.kind != Kind::tensor || !out.list;
    }
  }
  const std::size_t open = text.find('[');
  if (open == std::string_view::npos || text.back() != ']') return false;
  const std::optional<tensor::DType> dtype = tensor::parse_dtype(text.substr(0, open));
  if (!dtype) return false;
  out.kind = Kind::tensor;
  out.dtype = *dtype;
  return parse_dims(text.substr(open + 1, text.size() - open - 2), out.dims);
}

std::vector<PortType> parse_port_type(std::string_view text, const std::string& port) {
  std::vector<PortType> out;
  const std::string whole(text);
  while (true) {
    const std::size_t bar = text.find('|');
    PortType type;
    if (!parse_value_type(text.substr(0, bar), type)) {
      base::fail(base::ErrorKind::plugin, port + " has the type '" + whole + "', which is none",
                 "write text, image, audio, table, tokens, a list as text[], or a tensor as f32[B, T, D]");
    }
    out.push_back(std::move(type));
    if (bar == std::string_view::npos) return out;
    text.remove_prefix(bar + 1);
  }
}

std::string text(const PortType& type) {
  std::string out;
  if (type.kind == Kind::tensor && type.dtype != tensor::DType::none) {
    out = std::string(tensor::name(type.dtype)) + "[";
    for (const DimPattern& dim : type.dims) {
      if (out.back() != '[') out += ", ";
      out += dim.ellipsis ? "..." : dim.letter.empty() ? std::to_string(dim.size) : dim.letter;
    }
    out += "]";
  } else {
    out = std::string(name(type.kind));
  }
  return type.list ? out + "[]" : out;
}

}  // namespace motet::graph
