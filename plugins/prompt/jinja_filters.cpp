// What stands after `|`.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include "prompt/jinja_render.hpp"
#include "prompt/jinja_text.hpp"

namespace motet::prompt::jinja {
namespace {

using Filter = Value (*)(Renderer& renderer, const Value& value, const Arguments& arguments);

std::string text_of(const Renderer& renderer, const Value& value) {
  return to_text(value, renderer.limits().most_text_bytes);
}

bool flag(const Arguments& arguments, std::size_t index, std::string_view name) {
  const Value* given = argument(arguments, index, name);
  return given != nullptr && given->truth();
}

// "a.b" or a number, as map(attribute=...) and its like take it.
Value attribute_of(Renderer& renderer, Value value, const Value& path) {
  if (path.text() == nullptr) return renderer.member(value, path);
  for (std::string_view part : split(*path.text(), ".", -1)) {
    value = value.is_undefined() ? value : renderer.member(value, Value(std::string(part)));
  }
  return value;
}

Arguments rest_of(const Arguments& arguments, std::size_t from) {
  Arguments out;
  for (std::size_t i = from; i < arguments.positional.size(); ++i) out.positional.push_back(arguments.positional[i]);
  out.named = arguments.named;
  return out;
}

Value length(Renderer&, const Value& value, const Arguments&) {
  if (const std::string* text = value.text()) return static_cast<std::int64_t>(count_characters(*text));
  return static_cast<std::int64_t>(elements(value).size());
}

Value otherwise(Renderer&, const Value& value, const Arguments& arguments) {
  const Value* given = argument(arguments, 0, "default_value");
  const bool replaced = value.is_undefined() || (flag(arguments, 1, "boolean") && !value.truth());
  if (!replaced) return value;
  return given != nullptr ? *given : Value("");
}

Value join(Renderer& renderer, const Value& value, const Arguments& arguments) {
  const Value* separator = argument(arguments, 0, "d");
  const Value* attribute = argument(arguments, 1, "attribute");
  TextBuilder out(renderer.limits().most_text_bytes);
  bool first = true;
  for (const Value& part : elements(value)) {
    if (!first && separator != nullptr) out.append(text_of(renderer, *separator));
    out.append(text_of(renderer, attribute != nullptr ? attribute_of(renderer, part, *attribute) : part));
    first = false;
  }
  return out.take();
}

Value map_over(Renderer& renderer, const Value& value, const Arguments& arguments) {
  std::vector<Value> out;
  const bool by_attribute = arguments.positional.empty();
  const Value* attribute = by_attribute ? argument(arguments, 0, "attribute") : nullptr;
  if (by_attribute && attribute == nullptr) throw TemplateError("map wants a filter's name or attribute=");
  const Value* missing = by_attribute ? argument(arguments, 1, "default") : nullptr;
  for (const Value& one : elements(value)) {
    renderer.step();
    if (!by_attribute) {
      out.push_back(renderer.apply_filter(text_argument(arguments, 0, "filter"), one, rest_of(arguments, 1)));
      continue;
    }
    Value found = attribute_of(renderer, one, *attribute);
    out.push_back(found.is_undefined() && missing != nullptr ? *missing : found);
  }
  return Value::list(std::move(out));
}

// select, reject, selectattr, rejectattr
Value chosen(Renderer& renderer, const Value& value, const Arguments& arguments, bool by_attribute, bool wanted) {
  const std::size_t first = by_attribute ? 1 : 0;
  if (by_attribute && arguments.positional.empty()) throw TemplateError("an attribute's name is wanted");
  std::vector<Value> out;
  for (const Value& one : elements(value)) {
    renderer.step();
    const Value looked_at = by_attribute ? attribute_of(renderer, one, arguments.positional[0]) : one;
    const bool holds =
        arguments.positional.size() > first
            ? renderer.apply_test(text_argument(arguments, first, "test"), looked_at, rest_of(arguments, first + 1))
            : looked_at.truth();
    if (holds == wanted) out.push_back(one);
  }
  return Value::list(std::move(out));
}

// Texts in lower case unless told otherwise, as the reference orders them.
Value order_key(Renderer& renderer, const Value& value, const Value* attribute, bool with_case) {
  Value key = attribute != nullptr ? attribute_of(renderer, value, *attribute) : value;
  if (!with_case && key.text() != nullptr) key = Value(lower(*key.text()));
  return key;
}

std::vector<Value> sorted(Renderer& renderer, std::vector<Value> items, const Value* attribute, bool with_case,
                          bool reverse) {
  std::vector<std::pair<Value, Value>> keyed;
  for (Value& item : items) keyed.emplace_back(order_key(renderer, item, attribute, with_case), item);
  renderer.step(keyed.size());
  std::stable_sort(keyed.begin(), keyed.end(), [&](const auto& a, const auto& b) {
    return reverse ? compare(b.first, a.first) < 0 : compare(a.first, b.first) < 0;
  });
  std::vector<Value> out;
  for (auto& entry : keyed) out.push_back(std::move(entry.second));
  return out;
}

Value sort(Renderer& renderer, const Value& value, const Arguments& arguments) {
  return Value::list(sorted(renderer, elements(value), argument(arguments, 2, "attribute"),
                            flag(arguments, 1, "case_sensitive"), flag(arguments, 0, "reverse")));
}

Value dictsort(Renderer& renderer, const Value& value, const Arguments& arguments) {
  const Value by(std::int64_t{0});
  const Value items = renderer.call(method(value, "items"), {}, "items");
  return Value::list(sorted(renderer, elements(items), &by, flag(arguments, 0, "case_sensitive"), false));
}

Value extreme(Renderer& renderer, const Value& value, const Arguments& arguments, int sign) {
  const Value* attribute = argument(arguments, 1, "attribute");
  const std::vector<Value> all = elements(value);
  if (all.empty()) return Value::undefined("no element of an empty list");
  const auto best = std::min_element(all.begin(), all.end(), [&](const Value& a, const Value& b) {
    return sign * compare(order_key(renderer, a, attribute, false), order_key(renderer, b, attribute, false)) < 0;
  });
  return *best;
}

Value sum(Renderer& renderer, const Value& value, const Arguments& arguments) {
  const Value* attribute = argument(arguments, 0, "attribute");
  const Value* start = argument(arguments, 1, "start");
  Value total = start != nullptr ? *start : Value(std::int64_t{0});
  for (const Value& one : elements(value)) {
    total =
        arithmetic("+", total, attribute != nullptr ? attribute_of(renderer, one, *attribute) : one, renderer.limits());
  }
  return total;
}

Value reversed(Renderer&, const Value& value, const Arguments&) {
  std::vector<Value> all = elements(value);
  std::reverse(all.begin(), all.end());
  if (value.text() == nullptr) return Value::list(std::move(all));
  std::string out;
  for (const Value& one : all) out += *one.text();
  return out;
}

Value unique(Renderer& renderer, const Value& value, const Arguments&) {
  std::vector<Value> out;
  for (const Value& one : elements(value)) {
    renderer.step(1 + out.size() / 8);
    const auto same = [&](const Value& kept) { return equal(kept, one); };
    if (std::none_of(out.begin(), out.end(), same)) out.push_back(one);
  }
  return Value::list(std::move(out));
}

Value to_integer(Renderer&, const Value& value, const Arguments& arguments) {
  const Value* given = argument(arguments, 0, "default");
  Value otherwise = given != nullptr ? *given : Value(std::int64_t{0});
  if (value.is_number()) return value.integer();
  if (value.text() == nullptr) return otherwise;
  const std::string_view text = strip(*value.text(), "", true, true);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return otherwise;
  return Value(number).integer();
}

Value to_float(Renderer&, const Value& value, const Arguments& arguments) {
  const Value* given = argument(arguments, 0, "default");
  Value otherwise = given != nullptr ? *given : Value(0.0);
  if (value.is_number()) return value.number();
  if (value.text() == nullptr) return otherwise;
  const std::string_view text = strip(*value.text(), "", true, true);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? Value(number) : otherwise;
}

Value absolute(Renderer&, const Value& value, const Arguments&) {
  if (!value.is_number()) throw TemplateError(std::string("abs wants a number, not '") + value.type_name() + "'");
  if (value.is_float()) return std::abs(value.number());
  if (value.integer() == INT64_MIN) throw TemplateError("a whole number becomes too large");
  return std::abs(value.integer());
}

Value rounded(Renderer&, const Value& value, const Arguments& arguments) {
  const Value* digits = argument(arguments, 0, "precision");
  const double unit = std::pow(10.0, digits != nullptr ? static_cast<double>(digits->integer()) : 0.0);
  const double scaled = value.number() * unit;
  if (!std::isfinite(scaled)) return value.number();
  return std::nearbyint(scaled) / unit;
}

Value escaped(Renderer& renderer, const Value& value, const Arguments&) {
  TextBuilder out(renderer.limits().most_text_bytes);
  const std::string text = text_of(renderer, value);
  for (const char& c : text) {
    switch (c) {
      case '&':
        out.append("&amp;");
        break;
      case '<':
        out.append("&lt;");
        break;
      case '>':
        out.append("&gt;");
        break;
      case '"':
        out.append("&#34;");
        break;
      case '\'':
        out.append("&#39;");
        break;
      default:
        out.append({&c, 1});
    }
  }
  return out.take();
}

Value indented(Renderer& renderer, const Value& value, const Arguments& arguments) {
  const Value* width = argument(arguments, 0, "width");
  const std::int64_t columns = width == nullptr ? 4 : width->text() != nullptr ? 0 : width->integer();
  if (columns < 0 || columns > 1000) throw TemplateError("indent's width must be from 0 to 1000");
  const std::string margin = width != nullptr && width->text() != nullptr
                                 ? *width->text()
                                 : std::string(static_cast<std::size_t>(columns), ' ');
  const bool first = flag(arguments, 1, "first");
  const bool blank = flag(arguments, 2, "blank");
  TextBuilder out(renderer.limits().most_text_bytes);
  bool at_first = true;
  const std::string text = text_of(renderer, value);
  for (std::string_view line : split(text, "\n", -1)) {
    if (!at_first) out.append("\n");
    if ((at_first ? first : true) && (!line.empty() || blank)) out.append(margin);
    out.append(line);
    at_first = false;
  }
  return out.take();
}

Value json(Renderer& renderer, const Value& value, const Arguments& arguments) {
  // The reference's tojson has ensure_ascii first and indent third; templates name them.
  const Value* indent = nullptr;
  for (const auto& [name, given] : arguments.named) {
    if (name == "indent") indent = &given;
  }
  std::int64_t columns = indent == nullptr || indent->is_none() ? -1 : indent->integer();
  if (columns > 64) throw TemplateError("tojson's indent must be at most 64");
  return to_json(value, static_cast<int>(columns < 0 ? -1 : columns), renderer.limits().most_text_bytes);
}

Value end_element(const Value& value, bool last) {
  const std::vector<Value> all = elements(value);
  if (all.empty()) return Value::undefined("no element of an empty list");
  return last ? all.back() : all.front();
}

const std::map<std::string, Filter, std::less<>>& filters() {
  using R = Renderer&;
  using V = const Value&;
  using A = const Arguments&;
  static const std::map<std::string, Filter, std::less<>> all = {
      {"trim",
       [](R r, V v, A a) -> Value {
         return std::string(
             strip(text_of(r, v), argument(a, 0, "chars") != nullptr ? text_argument(a, 0, "chars") : "", true, true));
       }},
      {"upper", [](R r, V v, A) -> Value { return upper(text_of(r, v)); }},
      {"lower", [](R r, V v, A) -> Value { return lower(text_of(r, v)); }},
      {"title", [](R r, V v, A) -> Value { return title(text_of(r, v)); }},
      {"capitalize", [](R r, V v, A) -> Value { return capitalize(text_of(r, v)); }},
      {"string", [](R r, V v, A) -> Value { return text_of(r, v); }},
      {"safe", [](R r, V v, A) -> Value { return text_of(r, v); }},
      {"escape", escaped},
      {"e", escaped},
      {"length", length},
      {"count", length},
      {"default", otherwise},
      {"d", otherwise},
      {"join", join},
      {"map", map_over},
      {"select", [](R r, V v, A a) { return chosen(r, v, a, false, true); }},
      {"reject", [](R r, V v, A a) { return chosen(r, v, a, false, false); }},
      {"selectattr", [](R r, V v, A a) { return chosen(r, v, a, true, true); }},
      {"rejectattr", [](R r, V v, A a) { return chosen(r, v, a, true, false); }},
      {"list", [](R, V v, A) { return Value::list(elements(v)); }},
      {"items",
       [](R r, V v, A) { return v.is_undefined() ? Value::list({}) : r.call(method(v, "items"), {}, "items"); }},
      {"first", [](R, V v, A) { return end_element(v, false); }},
      {"last", [](R, V v, A) { return end_element(v, true); }},
      {"min", [](R r, V v, A a) { return extreme(r, v, a, 1); }},
      {"max", [](R r, V v, A a) { return extreme(r, v, a, -1); }},
      {"sum", sum},
      {"sort", sort},
      {"dictsort", dictsort},
      {"reverse", reversed},
      {"unique", unique},
      {"attr", [](R r, V v, A a) { return attribute_of(r, v, Value(text_argument(a, 0, "name"))); }},
      {"replace",
       [](R r, V v, A a) -> Value {
         const Value* most = argument(a, 2, "count");
         return replace(text_of(r, v), text_argument(a, 0, "old"), text_argument(a, 1, "new"),
                        most == nullptr || most->is_none() ? -1 : most->integer(), r.limits().most_text_bytes);
       }},
      {"int", to_integer},
      {"float", to_float},
      {"abs", absolute},
      {"round", rounded},
      {"wordcount",
       [](R r, V v, A) -> Value { return static_cast<std::int64_t>(split(text_of(r, v), "", -1).size()); }},
      {"indent", indented},
      {"tojson", json}};
  return all;
}
}  // namespace

Value Renderer::apply_filter(const std::string& name, const Value& operand, const Arguments& arguments) {
  const auto found = filters().find(name);
  if (found == filters().end()) throw TemplateError("there is no filter named '" + name + "'");
  step();
  return found->second(*this, operand, arguments);
}

}  // namespace motet::prompt::jinja
