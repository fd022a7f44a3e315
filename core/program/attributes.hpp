// Named constants of an operation: integers, numbers, strings and lists of integers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/variant.hpp"

namespace motet::program {

using Attribute = base::Variant<std::int64_t, double, std::string, std::vector<std::int64_t>>;

// A small list sorted by key, so that two equal lists compare and print alike.
class Attributes {
 public:
  void set(std::string_view key, Attribute value);
  const Attribute* find(std::string_view key) const;
  // Precondition of the getters: the key is there with that type (OpDef::complete saw to it).
  std::int64_t integer(std::string_view key) const;
  double number(std::string_view key) const;
  const std::string& string(std::string_view key) const;
  const std::vector<std::int64_t>& integers(std::string_view key) const;

  auto begin() const { return list_.begin(); }
  auto end() const { return list_.end(); }
  bool empty() const { return list_.empty(); }
  friend bool operator==(const Attributes&, const Attributes&) = default;

 private:
  std::vector<std::pair<std::string, Attribute>> list_;
};

std::string text(const Attribute& attribute);

}  // namespace motet::program
