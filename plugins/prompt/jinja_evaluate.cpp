// Expressions to values.
#include <algorithm>

#include "prompt/jinja_render.hpp"

namespace motet::prompt::jinja {

Value Renderer::evaluate_name(const std::string& name) const {
  for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
    const auto found = scope->find(name);
    if (found != scope->end()) return found->second;
  }
  return Value::undefined("'" + name + "' is undefined");
}

std::vector<Value> Renderer::evaluate_all(const Expression& expression) {
  std::vector<Value> values;
  values.reserve(expression.children.size());
  for (const ExpressionPtr& child : expression.children) values.push_back(evaluate(*child));
  return values;
}

Value Renderer::evaluate(const Expression& expression) {
  const Deeper deeper(*this);
  step();
  const auto child = [&](std::size_t i) { return evaluate(*expression.children[i]); };
  switch (expression.kind) {
    case ExpressionKind::constant:
      return expression.value;
    case ExpressionKind::name:
      return evaluate_name(expression.name);
    case ExpressionKind::list:
      return Value::list(evaluate_all(expression));
    case ExpressionKind::tuple:
      return Value::list(evaluate_all(expression), true);
    case ExpressionKind::mapping:
      return evaluate_mapping(expression);
    case ExpressionKind::attribute:
      return member(child(0), Value(expression.name));
    case ExpressionKind::subscript:
      return member(child(0), child(1));
    case ExpressionKind::slice:
      return evaluate_slice(expression);
    case ExpressionKind::call:
      return evaluate_call(expression);
    case ExpressionKind::filter:
      return evaluate_filter(expression);
    case ExpressionKind::test:
      return apply_test(expression.name, child(0), arguments_of(expression));
    case ExpressionKind::unary: {
      const Value operand = child(0);
      if (expression.name == "not") return !operand.truth();
      return arithmetic(expression.name, std::int64_t{0}, operand, limits_);
    }
    case ExpressionKind::binary:
      return evaluate_binary(expression);
    case ExpressionKind::comparison:
      return evaluate_comparison(expression);
    case ExpressionKind::conditional:
      if (child(0).truth()) return child(1);
      return expression.children[2] != nullptr ? child(2)
                                               : Value::undefined("the condition is false and there is no else");
  }
  return {};
}

Value Renderer::evaluate_mapping(const Expression& expression) {
  std::vector<std::pair<Value, Value>> entries;
  for (std::size_t i = 0; i + 1 < expression.children.size(); i += 2) {
    Value key = evaluate(*expression.children[i]);
    Value value = evaluate(*expression.children[i + 1]);
    const auto same = [&](const auto& entry) { return equal(entry.first, key); };
    const auto at = std::find_if(entries.begin(), entries.end(), same);
    if (at != entries.end()) {
      at->second = std::move(value);
    } else {
      entries.emplace_back(std::move(key), std::move(value));
    }
  }
  return Value::mapping(std::move(entries));
}

Value Renderer::evaluate_binary(const Expression& expression) {
  Value left = evaluate(*expression.children[0]);
  if (expression.name == "and") return left.truth() ? evaluate(*expression.children[1]) : left;
  if (expression.name == "or") return left.truth() ? left : evaluate(*expression.children[1]);
  Value result = arithmetic(expression.name, left, evaluate(*expression.children[1]), limits_);
  if (const std::string* text = result.text()) step(text->size() / 64);
  return result;
}

Value Renderer::evaluate_comparison(const Expression& expression) {
  Value left = evaluate(*expression.children[0]);
  for (std::size_t i = 0; i < expression.names.size(); ++i) {
    Value right = evaluate(*expression.children[i + 1]);
    const std::string& name = expression.names[i];
    bool holds = false;
    if (name == "==" || name == "!=") {
      holds = equal(left, right) == (name == "==");
    } else if (name == "in" || name == "not in") {
      holds = contains(right, left) == (name == "in");
    } else {
      const int order = compare(left, right);
      holds = name == "<" ? order < 0 : name == ">" ? order > 0 : name == "<=" ? order <= 0 : order >= 0;
    }
    if (!holds) return false;
    left = std::move(right);
  }
  return true;
}

Arguments Renderer::arguments_of(const Expression& expression) {
  Arguments out;
  for (std::size_t i = 1; i < expression.children.size(); ++i)
    out.positional.push_back(evaluate(*expression.children[i]));
  for (const auto& [name, value] : expression.named) out.named.emplace_back(name, evaluate(*value));
  return out;
}

Value Renderer::evaluate_filter(const Expression& expression) {
  const Value operand = expression.children[0] != nullptr ? evaluate(*expression.children[0]) : *piped_;
  Value result = apply_filter(expression.name, operand, arguments_of(expression));
  if (const std::string* text = result.text()) step(text->size() / 64);
  return result;
}

Value Renderer::evaluate_call(const Expression& expression) {
  const Expression& called = *expression.children[0];
  const Value callee = evaluate(called);
  return call(callee, arguments_of(expression), called.name);
}

Value Renderer::call(const Value& callee, const Arguments& arguments, const std::string& shown) {
  if (const Undefined* undefined = std::get_if<Undefined>(&callee.data())) throw TemplateError(undefined->what);
  const Function* function = callee.function();
  if (function == nullptr) throw TemplateError("'" + shown + "' is a " + callee.type_name() + " and cannot be called");
  Value result = function->call(*this, arguments);
  if (const std::string* text = result.text()) step(text->size() / 64);
  if (const List* list = result.list()) step(list->items.size() / 8);
  return result;
}

}  // namespace motet::prompt::jinja
