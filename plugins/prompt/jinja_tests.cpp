// What stands after `is`.
#include <map>

#include "prompt/jinja_render.hpp"
#include "prompt/jinja_text.hpp"

namespace motet::prompt::jinja {
namespace {

using Test = bool (*)(const Value& value, const Arguments& arguments);

const Value& other(const Arguments& arguments) {
  if (arguments.positional.empty()) throw TemplateError("this test wants something to compare with");
  return arguments.positional[0];
}

std::int64_t remainder_of(const Value& value, std::int64_t divisor) {
  if (!value.is_number()) throw TemplateError(std::string("a number is wanted, not '") + value.type_name() + "'");
  if (divisor == 0) throw TemplateError("division by zero");
  return value.integer() % divisor;
}

bool is_iterable(const Value& value) {
  const Mapping* mapping = value.mapping();
  return value.list() != nullptr || value.text() != nullptr || value.is_undefined() ||
         (mapping != nullptr && !mapping->is_namespace);
}

const std::map<std::string, Test, std::less<>>& tests() {
  using V = const Value&;
  using A = const Arguments&;
  static const std::map<std::string, Test, std::less<>> all = {
      {"defined", [](V v, A) { return !v.is_undefined(); }},
      {"undefined", [](V v, A) { return v.is_undefined(); }},
      {"none", [](V v, A) { return v.is_none(); }},
      {"string", [](V v, A) { return v.text() != nullptr; }},
      {"number", [](V v, A) { return v.is_number(); }},
      {"integer", [](V v, A) { return v.is_int(); }},
      {"float", [](V v, A) { return v.is_float(); }},
      {"boolean", [](V v, A) { return v.is_bool(); }},
      {"true", [](V v, A) { return v.is_bool() && v.truth(); }},
      {"false", [](V v, A) { return v.is_bool() && !v.truth(); }},
      {"mapping", [](V v, A) { return v.mapping() != nullptr && !v.mapping()->is_namespace; }},
      {"iterable", [](V v, A) { return is_iterable(v); }},
      {"sequence", [](V v, A) { return is_iterable(v); }},
      {"callable", [](V v, A) { return v.function() != nullptr; }},
      {"odd", [](V v, A) { return remainder_of(v, 2) != 0; }},
      {"even", [](V v, A) { return remainder_of(v, 2) == 0; }},
      {"divisibleby", [](V v, A a) { return remainder_of(v, other(a).integer()) == 0; }},
      {"eq", [](V v, A a) { return equal(v, other(a)); }},
      {"ne", [](V v, A a) { return !equal(v, other(a)); }},
      {"lt", [](V v, A a) { return compare(v, other(a)) < 0; }},
      {"le", [](V v, A a) { return compare(v, other(a)) <= 0; }},
      {"gt", [](V v, A a) { return compare(v, other(a)) > 0; }},
      {"ge", [](V v, A a) { return compare(v, other(a)) >= 0; }},
      {"in", [](V v, A a) { return contains(other(a), v); }},
      {"lower", [](V v, A) { return v.text() != nullptr && is_lower(*v.text()); }},
      {"upper", [](V v, A) { return v.text() != nullptr && is_upper(*v.text()); }},
      {"sameas", [](V v, A a) { return v.data().index() == other(a).data().index() && equal(v, other(a)); }}};
  return all;
}

std::string plain_name(const std::string& name) {
  static const std::map<std::string, std::string, std::less<>> others = {
      {"equalto", "eq"}, {"==", "eq"}, {"!=", "ne"},          {"lessthan", "lt"}, {"<", "lt"},
      {"<=", "le"},      {">", "gt"},  {"greaterthan", "gt"}, {">=", "ge"}};
  const auto found = others.find(name);
  return found == others.end() ? name : found->second;
}
}  // namespace

bool Renderer::apply_test(const std::string& name, const Value& operand, const Arguments& arguments) {
  const auto found = tests().find(plain_name(name));
  if (found == tests().end()) throw TemplateError("there is no test named '" + name + "'");
  return found->second(operand, arguments);
}

}  // namespace motet::prompt::jinja
