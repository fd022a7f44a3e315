// A YAML document as a tree, each value and each key with its place. Nothing here is typed: whoever knows what a value
// is for reads it with as_bool, as_int and as_float.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"

namespace motet::spec {

struct Entry;

struct Node {
  enum class Kind { null, scalar, list, map };

  Kind kind = Kind::null;
  std::string text;     // of a scalar
  bool quoted = false;  // a scalar that is text whatever it looks like: quoted, a block (| or >), or joined from parts
  std::vector<Node> items;     // of a list
  std::vector<Entry> entries;  // of a map, in the file's order, no key twice
  base::Place place;           // an empty value has its key's

  bool is_null() const { return kind == Kind::null; }
  bool is_scalar() const { return kind == Kind::scalar; }
  bool is_list() const { return kind == Kind::list; }
  bool is_map() const { return kind == Kind::map; }
  const Node* find(std::string_view key) const;  // nullptr where absent, or where this is no map

  static Node scalar(std::string text, bool quoted, base::Place place = {});
};

struct Entry {
  std::string key;
  base::Place key_place;
  Node value;
};

// "text", "a list", "a map", "nothing": for messages.
std::string_view kind_name(Node::Kind kind);

// YAML 1.2's core schema: true and false (also True, TRUE), decimal, 0x and 0o integers, floats with .inf and .nan.
// Nothing for what is something else, quoted, or out of the type's range. as_float takes integers too.
std::optional<bool> as_bool(const Node& node);
std::optional<std::int64_t> as_int(const Node& node);
std::optional<double> as_float(const Node& node);

}  // namespace motet::spec
