// Reads the keys of one map: refuses unknown ones, finds missing ones, checks what kind of value each has.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"
#include "spec/node.hpp"
#include "spec/pipeline.hpp"

namespace motet::spec {

// "a stage", "a parameter": what the map describes, for messages.
class Fields {
 public:
  // Refuses every key of `map` that is not among `known`. `map` and `diagnostics` must outlive this.
  Fields(const Node& map, std::string what, const std::vector<std::string>& known, base::Diagnostics& diagnostics);

  // nullptr where the key is absent or its value is empty.
  const Node* find(std::string_view key) const;
  // The same, and a diagnostic at `place` where it is absent or empty.
  const Node* require(std::string_view key, const base::Place& place, const std::string& help) const;
  // A scalar's text, empty where absent; a diagnostic where it is a list or a map.
  Text text(std::string_view key) const;
  bool flag(std::string_view key, base::Place* place = nullptr) const;
  // The entries of a map, nullptr where absent; a diagnostic where it is something else.
  const Node* map(std::string_view key, const std::string& help) const;

 private:
  const Node& node_;
  std::string what_;
  base::Diagnostics& diagnostics_;
};

// Adds "wanted X, found Y" (M0013) at the node.
void refuse_kind(const Node& node, const std::string& what, const std::string& wanted, const std::string& help,
                 base::Diagnostics& diagnostics);

// The key as a name; a diagnostic (M0015) where it cannot be one. `what`: "a stage's name".
Text name_of(const Entry& entry, const std::string& what, base::Diagnostics& diagnostics);

}  // namespace motet::spec
