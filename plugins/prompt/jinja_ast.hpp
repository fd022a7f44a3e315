// A template as a tree.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "prompt/jinja_value.hpp"

namespace motet::prompt::jinja {

struct Expression;
using ExpressionPtr = std::unique_ptr<Expression>;

enum class ExpressionKind {
  constant,     // value
  name,         // name
  list,         // children
  tuple,        // children
  mapping,      // children: key, value, key, value ...
  attribute,    // children[0].name
  subscript,    // children[0][children[1]]
  slice,        // children[0][children[1]:children[2]:children[3]], null where absent
  call,         // children[0](children[1...], named...)
  filter,       // children[0] | name(children[1...], named...); children[0] null inside {% filter %}
  test,         // children[0] is name(children[1...])
  unary,        // name: "-", "+", "not"
  binary,       // name: "+", "and", "in", "not in", "==", "~" ...
  comparison,   // children[0] names[0] children[1] names[1] children[2] ...
  conditional,  // children[1] if children[0] else children[2] (may be null)
};

struct Expression {
  ExpressionKind kind = ExpressionKind::constant;
  int line = 1;
  int depth = 1;  // of the tree below, so that walking it needs a known amount of stack
  Value value;
  std::string name;
  std::vector<std::string> names;
  std::vector<ExpressionPtr> children;
  std::vector<std::pair<std::string, ExpressionPtr>> named;
};

struct Statement;
using Body = std::vector<std::unique_ptr<Statement>>;

enum class StatementKind { data, print, branch, loop, set, set_block, macro, filter_block, with, group, leave, next };

struct Parameter {
  std::string name;
  ExpressionPtr otherwise;  // null: none
};

struct Statement {
  StatementKind kind = StatementKind::data;
  int line = 1;
  std::string text;                       // data; the name of a macro; the attribute of `set ns.text`
  std::vector<std::string> targets;       // of set, loop and with
  ExpressionPtr value;                    // print, loop, set, filter_block (filters on nothing)
  ExpressionPtr condition;                // of a loop's elements; null: all
  std::vector<ExpressionPtr> conditions;  // of branches
  std::vector<ExpressionPtr> values;      // of with, one for each target
  std::vector<Parameter> parameters;      // of a macro
  std::vector<Body> bodies;               // one for each condition and perhaps one more; a loop's body and its else
};

}  // namespace motet::prompt::jinja
