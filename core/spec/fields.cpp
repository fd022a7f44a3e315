#include "spec/fields.hpp"

#include <algorithm>

#include "base/nearest.hpp"

namespace motet::spec {

Fields::Fields(const Node& map, std::string what, const std::vector<std::string>& known, base::Diagnostics& diagnostics)
    : node_(map), what_(std::move(what)), diagnostics_(diagnostics) {
  for (const Entry& entry : map.entries) {
    if (std::find(known.begin(), known.end(), entry.key) != known.end()) continue;
    diagnostics.add("M0011", entry.key_place, what_ + " has no key '" + entry.key + "'",
                    base::suggestion(entry.key, known));
  }
}

const Node* Fields::find(std::string_view key) const {
  const Node* node = node_.find(key);
  return node == nullptr || node->is_null() ? nullptr : node;
}

const Node* Fields::require(std::string_view key, const base::Place& place, const std::string& help) const {
  if (const Node* node = find(key)) return node;
  const Node* empty = node_.find(key);
  diagnostics_.add("M0012", empty ? empty->place : place,
                   what_ + (empty ? " has nothing under '" : " needs the key '") + std::string(key) + "'", help);
  return nullptr;
}

Text Fields::text(std::string_view key) const {
  const Node* node = find(key);
  if (node == nullptr) return {};
  if (!node->is_scalar()) {
    refuse_kind(*node, "'" + std::string(key) + "'", "text", "", diagnostics_);
    return {};
  }
  return {node->text, node->place};
}

bool Fields::flag(std::string_view key, base::Place* place) const {
  const Node* node = find(key);
  if (node == nullptr) return false;
  if (place != nullptr) *place = node->place;
  if (const std::optional<bool> value = as_bool(*node)) return *value;
  if (!node->is_scalar()) {
    refuse_kind(*node, "'" + std::string(key) + "'", "true or false", "", diagnostics_);
  } else {
    diagnostics_.add("M0018", node->place, "'" + std::string(key) + "' is '" + node->text + "', wanted true or false",
                     node->quoted ? "write it without quotes" : "");
  }
  return false;
}

const Node* Fields::map(std::string_view key, const std::string& help) const {
  const Node* node = find(key);
  if (node == nullptr) return nullptr;
  if (node->is_map()) return node;
  refuse_kind(*node, "'" + std::string(key) + "'", "a map", help, diagnostics_);
  return nullptr;
}

void refuse_kind(const Node& node, const std::string& what, const std::string& wanted, const std::string& help,
                 base::Diagnostics& diagnostics) {
  diagnostics.add("M0013", node.place, what + " is " + std::string(kind_name(node.kind)) + ", wanted " + wanted, help);
}

Text name_of(const Entry& entry, const std::string& what, base::Diagnostics& diagnostics) {
  if (!is_name(entry.key)) {
    diagnostics.add("M0015", entry.key_place, "'" + entry.key + "' cannot be " + what,
                    "use letters, digits, _ and -, beginning with a letter or _");
  }
  return {entry.key, entry.key_place};
}

}  // namespace motet::spec
