// Reading the tables of a library that nobody has checked yet. For this room's own sources.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "plugin/obligation.hpp"

namespace motet::plugin {

inline constexpr std::size_t kMostStructBytes = 4096;
inline constexpr std::uint32_t kMostEntries = 4096;

[[noreturn]] inline void malformed(const std::string& what, int obligation = 4) {
  base::fail(base::ErrorKind::plugin, "[" + obligation_name(obligation) + "] " + what,
             "rebuild the plugin with this Motet's headers");
}

// `first_size`: what the struct's first version had, which is the least that every plugin has: structs only grow.
template <class Struct>
const Struct& sized(const Struct* table, const std::string& what, std::size_t first_size = sizeof(Struct)) {
  if (table == nullptr) malformed(what + " is missing");
  if (table->struct_size < first_size || table->struct_size > kMostStructBytes ||
      table->struct_size % alignof(Struct) != 0) {
    malformed(what + " says it has " + std::to_string(table->struct_size) + " bytes, wanted at least " +
              std::to_string(first_size));
  }
  return *table;
}

// As much of it as the plugin has; zeros for what has grown since.
template <class Struct>
Struct whole(const Struct& table) {
  Struct out{};
  std::memcpy(&out, &table, std::min(table.struct_size, sizeof(Struct)));
  return out;
}

// Elements lie as far apart as the plugin's own struct is long, which may be more than ours.
template <class Struct, class Read>
void each(const Struct* first, std::uint32_t count, const std::string& what, Read read) {
  if (count > kMostEntries) malformed(what + " are " + std::to_string(count));
  const char* at = reinterpret_cast<const char*>(first);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::string name = what + "[" + std::to_string(i) + "]";
    const Struct& element = sized(reinterpret_cast<const Struct*>(at), name);
    read(element, name);
    at += element.struct_size;
  }
}

inline std::string wanted_text(const char* text, const std::string& what) {
  if (text == nullptr || *text == '\0') malformed(what + " is empty");
  return text;
}

inline std::string text_or_empty(const char* text) { return text == nullptr ? "" : text; }

template <class Item>
void refuse_twice(const std::vector<Item>& items, const std::string& what) {
  std::set<std::string> seen;
  for (const Item& item : items) {
    if (!seen.insert(item.name).second) malformed(what + " has '" + item.name + "' twice");
  }
}

}  // namespace motet::plugin
