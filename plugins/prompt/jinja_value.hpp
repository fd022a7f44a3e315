// The values of the template language: Python's, as far as chat templates meet them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "prompt/jinja_error.hpp"

namespace motet::prompt::jinja {

class Value;
class Renderer;

struct List {
  std::vector<Value> items;
  bool tuple = false;
  int nesting = 1;  // of lists and mappings inside each other
};

struct Mapping {  // in the order of insertion; looked through from the front, for they are small
  std::vector<std::pair<Value, Value>> entries;
  bool is_namespace = false;
  int nesting = 1;
};

struct Arguments {
  std::vector<Value> positional;
  std::vector<std::pair<std::string, Value>> named;
};

struct Function {
  std::string name;
  std::function<Value(Renderer&, const Arguments&)> call;
};

struct Undefined {
  std::string what;  // "'x' is undefined"
};

// Lists, mappings and functions are shared: an assignment in a template makes a second name, not a copy. Only
// namespaces change after they were made.
class Value {
 public:
  using Data = std::variant<Undefined, std::nullptr_t, bool, std::int64_t, double, std::string, std::shared_ptr<List>,
                            std::shared_ptr<Mapping>, std::shared_ptr<Function>>;

  Value() : data_(nullptr) {}
  // By assigning: libstdc++ does not survive that a copy of such a variant finds no memory while it is being made.
  Value(const Value& other) : data_(nullptr) { data_ = other.data_; }
  Value(Value&&) noexcept = default;
  Value& operator=(const Value&) = default;
  Value& operator=(Value&&) noexcept = default;
  ~Value() = default;
  // NOLINTBEGIN(google-explicit-constructor): what a template computes with is a value
  Value(bool value) : data_(value) {}
  Value(std::int64_t value) : data_(value) {}
  Value(double value) : data_(value) {}
  Value(std::string value) : data_(std::move(value)) {}
  Value(const char* value) : data_(std::string(value)) {}
  // NOLINTEND(google-explicit-constructor)
  static Value undefined(std::string what);
  // Throw TemplateError where nesting becomes too deep.
  static Value list(std::vector<Value> items, bool tuple = false);
  static Value mapping(std::vector<std::pair<Value, Value>> entries);
  static Value function(std::string name, std::function<Value(Renderer&, const Arguments&)> call);

  const Data& data() const { return data_; }
  bool is_undefined() const { return std::holds_alternative<Undefined>(data_); }
  bool is_none() const { return std::holds_alternative<std::nullptr_t>(data_); }
  bool is_bool() const { return std::holds_alternative<bool>(data_); }
  bool is_int() const { return std::holds_alternative<std::int64_t>(data_); }
  bool is_float() const { return std::holds_alternative<double>(data_); }
  bool is_number() const { return is_bool() || is_int() || is_float(); }
  const std::string* text() const { return std::get_if<std::string>(&data_); }
  const List* list() const;
  const Mapping* mapping() const;
  Mapping* name_space() const;  // null unless it is a namespace
  const Function* function() const;
  std::int64_t integer() const;  // of bool, int and float (truncated); 0 of others
  double number() const;         // of bool, int and float; 0 of others

  bool truth() const;
  const char* type_name() const;                  // as Python says it: "str", "int", "list"
  const Value* find(std::string_view key) const;  // in a mapping; null where absent or no mapping

 private:
  Data data_;
};

bool equal(const Value& a, const Value& b);
// -1, 0, 1. Throws TemplateError for values without an order.
int compare(const Value& a, const Value& b);

// As print shows it (str) and as it stands in a list (repr). Throw TemplateError past `most_bytes`.
std::string to_text(const Value& value, std::size_t most_bytes);
std::string to_literal(const Value& value, std::size_t most_bytes);
// JSON as Python's json.dumps(ensure_ascii=False) writes it; indent < 0: on one line.
std::string to_json(const Value& value, int indent, std::size_t most_bytes);
// Elements of a list, characters of a text, keys of a mapping; none of what is undefined. Throws for other values.
std::vector<Value> elements(const Value& value);

}  // namespace motet::prompt::jinja
