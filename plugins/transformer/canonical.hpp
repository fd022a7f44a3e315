// Reads the canonical part of a family: constants, and keys of the model's own configuration.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <motet/sdk.hpp>

#include "transformer/configuration.hpp"

namespace motet::transformer {

// `common` and `special` are the family's `canonical` section and what it says for one file format (which wins);
// `config` is the model's configuration. All must outlive the reader. What is wrong throws ParameterError that names
// the file, the key and what to do.
class CanonicalReader {
 public:
  CanonicalReader(Node common, Node special, Node config, std::string family);
  Configuration read() const;

 private:
  // What the family says at "norm.eps": of the special section if it is there, else of the common one.
  Node said(std::string_view path) const;
  Node config_value(std::string_view key) const;
  // A constant of the family, or the value in the configuration that it names; absent where the family is silent, or
  // names a key that is not there and gives no other.
  Node resolved(std::string_view path) const;
  Node resolved_said(const Node& said) const;
  bool is_key(const Node& said) const;

  std::int64_t integer(std::string_view path, std::int64_t otherwise) const;
  std::int64_t wanted_integer(std::string_view path) const;
  double number(std::string_view path, double otherwise) const;
  bool boolean(std::string_view path, bool otherwise) const;
  std::string choice(std::string_view path, const std::vector<std::string_view>& choices,
                     std::string_view otherwise) const;
  std::string activation(const Node& node) const;
  std::string attention_biases() const;
  void check_keys() const;
  void check_sizes(const Configuration& made) const;
  void read_layers(Configuration& out) const;
  void read_position(Configuration& out) const;
  void read_crossing(Configuration& out) const;
  void read_stem(Configuration& out) const;
  void read_limits(Configuration& out) const;
  void read_generation(Configuration& out) const;

  Node common_;
  Node special_;
  Node config_;
  std::string family_;
};

// Refuses a map's entry that is not among `known`, with the nearest one.
void check_known(const Node& map, std::span<const std::string_view> known);

}  // namespace motet::transformer
