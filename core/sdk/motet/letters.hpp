// Letters in port types ("f32[..., D]") and weights' dimensions ("E, D") bound to the dimensions they stand for.
#pragma once

#include <cctype>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "motet/tensor.hpp"

namespace motet::detail {

// "E, D" to its parts; numbers, letters and "...".
inline std::vector<std::string> split_dims(std::string_view text) {
  std::vector<std::string> out;
  std::string part;
  for (const char c : text) {
    if (c == ',') {
      out.push_back(std::exchange(part, {}));
    } else if (std::isspace(static_cast<unsigned char>(c)) == 0) {
      part += c;
    }
  }
  if (!part.empty()) out.push_back(part);
  return out;
}

// The dimensions of the first alternative of a port's type that is a tensor; nothing where none is.
inline std::optional<std::vector<std::string>> port_dims(std::string_view type) {
  const std::size_t open = type.find('[');
  const std::size_t close = type.find(']');
  if (open == std::string_view::npos || close == std::string_view::npos || close == open + 1) return std::nullopt;
  return split_dims(type.substr(open + 1, close - open - 1));
}

class Letters {
 public:
  // Takes what a connected input says. What does not fit the port's type is the host's to report.
  void bind(std::string_view port_type, const Spec& spec) {
    const auto dims = port_dims(port_type);
    if (!spec || !dims) return;
    std::size_t begin = 0;
    if (!dims->empty() && dims->front() == "...") {
      const std::size_t rest = dims->size() - 1;
      if (spec.dims.size() < rest) return;
      begin = spec.dims.size() - rest;
      if (!leading_) leading_.emplace(spec.dims.begin(), spec.dims.begin() + static_cast<std::ptrdiff_t>(begin));
    } else if (spec.dims.size() != dims->size()) {
      return;
    }
    const std::size_t skipped = dims->size() - (spec.dims.size() - begin);
    for (std::size_t i = begin; i < spec.dims.size(); ++i) bind_letter((*dims)[skipped + i - begin], spec.dims[i]);
  }
  void bind_letter(const std::string& letter, Dim dim) {
    const auto [at, fresh] = letters_.emplace(letter, dim);
    if (!fresh && !at->second.known()) at->second = dim;  // a number says more than a symbol
  }
  // Nothing where a letter is not bound.
  std::optional<Dim> find(const std::string& part) const {
    if (!part.empty() && std::isdigit(static_cast<unsigned char>(part.front())) != 0)
      return Dim(static_cast<std::int64_t>(std::atoll(part.c_str())));
    const auto found = letters_.find(part);
    return found == letters_.end() ? std::nullopt : std::optional<Dim>(found->second);
  }
  const std::optional<std::vector<Dim>>& leading() const { return leading_; }

 private:
  std::map<std::string, Dim> letters_;
  std::optional<std::vector<Dim>> leading_;
};

}  // namespace motet::detail
