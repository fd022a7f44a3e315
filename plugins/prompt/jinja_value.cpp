#include "prompt/jinja_value.hpp"

#include <algorithm>
#include <cmath>

#include "prompt/jinja_text.hpp"

namespace motet::prompt::jinja {
namespace {

int nesting_of(const Value& value) {
  if (const List* list = value.list()) return list->nesting;
  if (const Mapping* mapping = value.mapping()) return mapping->is_namespace ? 0 : mapping->nesting;
  return 0;
}

int checked_nesting(int inner) {
  if (inner >= kMostNesting)
    throw TemplateError("lists are nested more than " + std::to_string(kMostNesting) + " deep");
  return inner + 1;
}

// A shared part may occur any number of times, so that comparing two small values could take for ever.
bool equal_within(const Value& a, const Value& b, std::size_t& budget) {
  if (budget-- == 0) throw TemplateError("comparing these values takes too long");
  if (a.is_number() && b.is_number()) {
    if (!a.is_float() && !b.is_float()) return a.integer() == b.integer();
    return a.number() == b.number();
  }
  if (a.data().index() != b.data().index()) return false;
  if (const std::string* text = a.text()) return *text == *b.text();
  if (const List* list = a.list()) {
    const List* other = b.list();
    if (list->tuple != other->tuple || list->items.size() != other->items.size()) return false;
    for (std::size_t i = 0; i < list->items.size(); ++i) {
      if (!equal_within(list->items[i], other->items[i], budget)) return false;
    }
    return true;
  }
  if (const Mapping* mapping = a.mapping()) {
    const Mapping* other = b.mapping();
    if (mapping->is_namespace || other->is_namespace) return mapping == other;
    if (mapping->entries.size() != other->entries.size()) return false;
    for (const auto& [key, value] : mapping->entries) {
      const auto same = [&](const auto& entry) { return equal_within(entry.first, key, budget); };
      const auto at = std::find_if(other->entries.begin(), other->entries.end(), same);
      if (at == other->entries.end() || !equal_within(at->second, value, budget)) return false;
    }
    return true;
  }
  if (const Function* function = a.function()) return function == b.function();
  return true;  // none and none, undefined and undefined
}
}  // namespace

Value Value::undefined(std::string what) {
  Value value;
  value.data_ = Undefined{std::move(what)};
  return value;
}

Value Value::list(std::vector<Value> items, bool tuple) {
  int inner = 0;
  for (const Value& item : items) inner = std::max(inner, nesting_of(item));
  Value value;
  value.data_ = std::make_shared<List>(List{std::move(items), tuple, checked_nesting(inner)});
  return value;
}

Value Value::mapping(std::vector<std::pair<Value, Value>> entries) {
  int inner = 0;
  for (const auto& entry : entries) inner = std::max({inner, nesting_of(entry.first), nesting_of(entry.second)});
  Value value;
  value.data_ = std::make_shared<Mapping>(Mapping{std::move(entries), false, checked_nesting(inner)});
  return value;
}

Value Value::function(std::string name, std::function<Value(Renderer&, const Arguments&)> call) {
  Value value;
  value.data_ = std::make_shared<Function>(Function{std::move(name), std::move(call)});
  return value;
}

const List* Value::list() const {
  const auto* shared = std::get_if<std::shared_ptr<List>>(&data_);
  return shared != nullptr ? shared->get() : nullptr;
}

const Mapping* Value::mapping() const {
  const auto* shared = std::get_if<std::shared_ptr<Mapping>>(&data_);
  return shared != nullptr ? shared->get() : nullptr;
}

Mapping* Value::name_space() const {
  const auto* shared = std::get_if<std::shared_ptr<Mapping>>(&data_);
  return shared != nullptr && (*shared)->is_namespace ? shared->get() : nullptr;
}

const Function* Value::function() const {
  const auto* shared = std::get_if<std::shared_ptr<Function>>(&data_);
  return shared != nullptr ? shared->get() : nullptr;
}

std::int64_t Value::integer() const {
  if (const bool* value = std::get_if<bool>(&data_)) return *value ? 1 : 0;
  if (const std::int64_t* value = std::get_if<std::int64_t>(&data_)) return *value;
  if (const double* value = std::get_if<double>(&data_)) {
    if (!(std::abs(*value) < 9.2e18)) throw TemplateError("number " + to_literal(*this, 64) + " is too large");
    return static_cast<std::int64_t>(*value);
  }
  return 0;
}

double Value::number() const {
  if (const double* value = std::get_if<double>(&data_)) return *value;
  return static_cast<double>(integer());
}

bool Value::truth() const {
  if (is_undefined() || is_none()) return false;
  if (is_float()) return number() != 0;
  if (is_number()) return integer() != 0;
  if (const std::string* value = text()) return !value->empty();
  if (const List* value = list()) return !value->items.empty();
  if (const Mapping* value = mapping()) return value->is_namespace || !value->entries.empty();
  return true;
}

const char* Value::type_name() const {
  if (is_undefined()) return "Undefined";
  if (is_none()) return "NoneType";
  if (is_bool()) return "bool";
  if (is_int()) return "int";
  if (is_float()) return "float";
  if (text() != nullptr) return "str";
  if (const List* value = list()) return value->tuple ? "tuple" : "list";
  if (const Mapping* value = mapping()) return value->is_namespace ? "Namespace" : "dict";
  return "function";
}

const Value* Value::find(std::string_view key) const {
  const Mapping* value = mapping();
  if (value == nullptr) return nullptr;
  for (const auto& entry : value->entries) {
    const std::string* name = entry.first.text();
    if (name != nullptr && *name == key) return &entry.second;
  }
  return nullptr;
}

bool equal(const Value& a, const Value& b) {
  std::size_t budget = 1'000'000;
  return equal_within(a, b, budget);
}

int compare(const Value& a, const Value& b) {
  if (a.is_number() && b.is_number()) return a.number() < b.number() ? -1 : a.number() > b.number() ? 1 : 0;
  if (a.text() != nullptr && b.text() != nullptr) {
    const int order = a.text()->compare(*b.text());  // bytes of UTF-8 are ordered as the characters are
    return order < 0 ? -1 : order > 0 ? 1 : 0;
  }
  if (a.list() != nullptr && b.list() != nullptr) {
    const auto& x = a.list()->items;
    const auto& y = b.list()->items;
    for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i) {
      if (!equal(x[i], y[i])) return compare(x[i], y[i]);
    }
    return x.size() < y.size() ? -1 : x.size() > y.size() ? 1 : 0;
  }
  throw TemplateError(std::string("no order between ") + a.type_name() + " and " + b.type_name());
}

std::vector<Value> elements(const Value& value) {
  if (const List* list = value.list()) return list->items;
  std::vector<Value> out;
  if (value.is_undefined()) return out;
  if (const std::string* text = value.text()) {
    for (std::string_view character : characters(*text)) out.emplace_back(std::string(character));
    return out;
  }
  const Mapping* mapping = value.mapping();
  if (mapping == nullptr || mapping->is_namespace) {
    throw TemplateError(std::string("'") + value.type_name() + "' cannot be walked through");
  }
  for (const auto& entry : mapping->entries) out.push_back(entry.first);
  return out;
}

}  // namespace motet::prompt::jinja
