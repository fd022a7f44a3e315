// Arithmetic, membership, subscripts and slices.
#include <algorithm>
#include <cmath>

#include "prompt/jinja_render.hpp"
#include "prompt/jinja_text.hpp"

namespace motet::prompt::jinja {
namespace {

[[noreturn]] void refuse(const std::string& name, const Value& a, const Value& b) {
  for (const Value* operand : {&a, &b}) {
    if (const Undefined* undefined = std::get_if<Undefined>(&operand->data())) throw TemplateError(undefined->what);
  }
  throw TemplateError(std::string("'") + a.type_name() + "' " + name + " '" + b.type_name() + "' is not possible");
}

// `overflow` is asked first, for it writes the value.
Value checked(bool overflow, const std::int64_t& value) {
  if (overflow) throw TemplateError("a whole number becomes too large");
  return value;
}

std::int64_t floor_divided(std::int64_t a, std::int64_t b) {
  const std::int64_t quotient = a / b;
  return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}

Value whole_power(std::int64_t base, std::int64_t exponent) {
  std::int64_t result = 1;
  bool overflow = false;
  if (base == 0 || base == 1) return exponent == 0 ? std::int64_t{1} : base;
  if (base == -1) return exponent % 2 == 0 ? std::int64_t{1} : std::int64_t{-1};
  for (; exponent > 0 && !overflow; --exponent) overflow = __builtin_mul_overflow(result, base, &result);
  return checked(overflow, result);
}

Value of_wholes(const std::string& name, std::int64_t a, std::int64_t b) {
  std::int64_t out = 0;
  if (name == "+") return checked(__builtin_add_overflow(a, b, &out), out);
  if (name == "-") return checked(__builtin_sub_overflow(a, b, &out), out);
  if (name == "*") return checked(__builtin_mul_overflow(a, b, &out), out);
  if (name == "**") return b >= 0 ? whole_power(a, b) : Value(std::pow(static_cast<double>(a), static_cast<double>(b)));
  if (b == 0) throw TemplateError("division by zero");
  if (name == "/") return static_cast<double>(a) / static_cast<double>(b);
  if (b == -1)
    return name == "//" ? checked(__builtin_sub_overflow(std::int64_t{0}, a, &out), out) : Value(std::int64_t{0});
  return name == "//" ? floor_divided(a, b) : a - floor_divided(a, b) * b;
}

Value of_numbers(const std::string& name, double a, double b) {
  if (name == "+") return a + b;
  if (name == "-") return a - b;
  if (name == "*") return a * b;
  if (name == "**") return std::pow(a, b);
  if (b == 0) throw TemplateError("division by zero");
  if (name == "/") return a / b;
  const double quotient = std::floor(a / b);
  return name == "//" ? quotient : a - quotient * b;
}

Value repeated(const Value& what, std::int64_t count, const Limits& limits) {
  count = std::max<std::int64_t>(count, 0);
  if (const std::string* text = what.text()) {
    if (!text->empty() && static_cast<std::size_t>(count) > limits.most_text_bytes / text->size()) {
      throw TemplateError("the template makes a text of more than " + std::to_string(limits.most_text_bytes) +
                          " bytes");
    }
    std::string out;
    for (std::int64_t i = 0; i < count && !text->empty(); ++i) out += *text;
    return out;
  }
  const std::vector<Value>& items = what.list()->items;
  if (!items.empty() && static_cast<std::size_t>(count) > limits.most_elements / items.size()) {
    throw TemplateError("the template makes a list of more than " + std::to_string(limits.most_elements) + " elements");
  }
  std::vector<Value> out;
  for (std::int64_t i = 0; i < count && !items.empty(); ++i) out.insert(out.end(), items.begin(), items.end());
  return Value::list(std::move(out), what.list()->tuple);
}

Value joined(const std::string& a, const std::string& b, const Limits& limits) {
  TextBuilder out(limits.most_text_bytes);
  out.append(a);
  out.append(b);
  return out.take();
}

// Where a Python slice begins, ends and how it steps, over `size` elements.
struct Range {
  std::int64_t begin, end, stride;
};

Range slice_range(const Value& from, const Value& to, const Value& stride, std::int64_t size) {
  const std::int64_t step = stride.is_none() ? 1 : stride.integer();
  if (step == 0) throw TemplateError("a slice's step must not be 0");
  const std::int64_t lowest = step > 0 ? 0 : -1;
  const std::int64_t highest = step > 0 ? size : size - 1;
  const auto placed = [&](const Value& value, std::int64_t otherwise) {
    if (value.is_none()) return otherwise;
    const std::int64_t at = value.integer();
    return std::clamp(at < 0 ? std::max(at, -size - 1) + size : at, lowest, highest);
  };
  return {placed(from, step > 0 ? lowest : highest), placed(to, step > 0 ? highest : lowest), step};
}

Value at_index(const Value& owner, std::int64_t index) {
  const auto place = [&](std::size_t count) {
    const auto size = static_cast<std::int64_t>(count);
    const std::int64_t at = index < 0 ? index + size : index;
    return at >= 0 && at < size ? at : -1;
  };
  if (const List* list = owner.list()) {
    const std::int64_t at = place(list->items.size());
    if (at >= 0) return list->items[static_cast<std::size_t>(at)];
  } else if (const std::string* text = owner.text()) {
    const std::vector<std::string_view> all = characters(*text);
    const std::int64_t at = place(all.size());
    if (at >= 0) return std::string(all[static_cast<std::size_t>(at)]);
  }
  return Value::undefined(std::string("'") + owner.type_name() + "' has no element " + std::to_string(index));
}
}  // namespace

Value arithmetic(const std::string& name, const Value& a, const Value& b, const Limits& limits) {
  if (name == "~") return joined(to_text(a, limits.most_text_bytes), to_text(b, limits.most_text_bytes), limits);
  if (a.is_number() && b.is_number()) {
    if (a.is_float() || b.is_float()) return of_numbers(name, a.number(), b.number());
    return of_wholes(name, a.integer(), b.integer());
  }
  if (name == "+" && a.text() != nullptr && b.text() != nullptr) return joined(*a.text(), *b.text(), limits);
  if (name == "+" && a.list() != nullptr && b.list() != nullptr && a.list()->tuple == b.list()->tuple) {
    std::vector<Value> items = a.list()->items;
    if (items.size() + b.list()->items.size() > limits.most_elements) {
      throw TemplateError("the template makes a list of more than " + std::to_string(limits.most_elements) +
                          " elements");
    }
    items.insert(items.end(), b.list()->items.begin(), b.list()->items.end());
    return Value::list(std::move(items), a.list()->tuple);
  }
  const auto repeats = [](const Value& value) { return value.text() != nullptr || value.list() != nullptr; };
  if (name == "*" && repeats(a) && b.is_number() && !b.is_float()) return repeated(a, b.integer(), limits);
  if (name == "*" && repeats(b) && a.is_number() && !a.is_float()) return repeated(b, a.integer(), limits);
  refuse(name, a, b);
}

bool contains(const Value& whole, const Value& part) {
  if (whole.is_undefined()) return false;
  if (const std::string* text = whole.text()) {
    if (part.text() == nullptr)
      throw TemplateError(std::string("'in <text>' wants a text, not '") + part.type_name() + "'");
    return text->find(*part.text()) != std::string::npos;
  }
  const std::vector<Value> all = elements(whole);
  return std::any_of(all.begin(), all.end(), [&](const Value& one) { return equal(one, part); });
}

Value Renderer::member(const Value& owner, const Value& key) {
  if (const Undefined* undefined = std::get_if<Undefined>(&owner.data())) throw TemplateError(undefined->what);
  if (key.is_undefined()) return key;
  if (const Mapping* mapping = owner.mapping()) {
    step(mapping->entries.size() / 8);
    for (const auto& entry : mapping->entries) {
      if (equal(entry.first, key)) return entry.second;
    }
  }
  if (key.is_number() && !key.is_float()) return at_index(owner, key.integer());
  if (const std::string* name = key.text()) return method(owner, *name);
  return Value::undefined(std::string("'") + owner.type_name() + "' has no such element");
}

Value Renderer::evaluate_slice(const Expression& expression) {
  const Value owner = evaluate(*expression.children[0]);
  Value bounds[3];
  for (std::size_t i = 0; i < 3; ++i) {
    if (expression.children[i + 1] != nullptr) bounds[i] = evaluate(*expression.children[i + 1]);
  }
  if (owner.list() == nullptr && owner.text() == nullptr && !owner.is_undefined()) {
    throw TemplateError(std::string("'") + owner.type_name() + "' cannot be sliced");
  }
  const std::vector<Value> all = elements(owner);
  step(all.size() / 8);
  const Range range = slice_range(bounds[0], bounds[1], bounds[2], static_cast<std::int64_t>(all.size()));
  std::vector<Value> chosen;
  for (std::int64_t i = range.begin; range.stride > 0 ? i < range.end : i > range.end;) {
    chosen.push_back(all[static_cast<std::size_t>(i)]);
    if (__builtin_add_overflow(i, range.stride, &i)) break;
  }
  if (owner.text() == nullptr) return Value::list(std::move(chosen), owner.list() != nullptr && owner.list()->tuple);
  std::string text;
  for (const Value& one : chosen) text += *one.text();
  return text;
}

}  // namespace motet::prompt::jinja
