// Puts the values of parameters and of the environment in the place of ${...}.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/diagnostic.hpp"
#include "spec/expand.hpp"
#include "spec/node.hpp"

namespace motet::spec {

// What one expansion may make in all: a few parameters that name each other could otherwise make a text without end.
inline constexpr std::size_t kMostExpandedBytes = std::size_t{64} << 20;

// What to say of a path that is not there, where its text begins as a shell's variable does: "$model".
std::string unbraced_help(std::string_view text);

class Substitution {
 public:
  // Both must outlive this. `values` may grow between calls.
  Substitution(const ParamValues& values, base::Diagnostics& diagnostics)
      : values_(values), diagnostics_(diagnostics) {}

  Node node(const Node& node);
  // The same for a scalar that must stay text: numbers are written out, a list is refused.
  std::string text(const Node& scalar);

 private:
  struct Part;
  Part read(const Node& scalar, std::size_t begin, std::size_t index);
  bool read_environment(const Node& scalar, std::string_view body, std::size_t index, int length, std::string& out);
  const ParamValue* parameter(const Node& scalar, std::string_view body, std::size_t index, int length);
  Node scalar(const Node& node, bool must_be_text);
  bool charge(std::size_t bytes, const Node& node);
  Node charged(Node node);

  const ParamValues& values_;
  base::Diagnostics& diagnostics_;
  std::size_t made_bytes_ = 0;
};

}  // namespace motet::spec
