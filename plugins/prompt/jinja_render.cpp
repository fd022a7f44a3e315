#include "prompt/jinja_render.hpp"

#include <algorithm>

namespace motet::prompt::jinja {

Renderer::Renderer(std::vector<std::pair<std::string, Value>> variables, const Limits& limits)
    : limits_(limits), scopes_(1) {
  for (auto& [name, value] : global_functions()) scopes_[0].insert_or_assign(name, std::move(value));
  for (auto& [name, value] : variables) scopes_[0].insert_or_assign(name, std::move(value));
}

// A namespace may hold itself, which counting references would never free.
Renderer::~Renderer() {
  for (const Value& value : namespaces_) {
    const auto entries = std::move(value.name_space()->entries);
    value.name_space()->entries.clear();
  }
}

void Renderer::step(std::size_t count) {
  steps_ += count;
  if (steps_ > limits_.most_steps) {
    throw TemplateError("the template did not end within " + std::to_string(limits_.most_steps) +
                        " steps: it seems to loop for ever");
  }
}

Value Renderer::new_namespace(std::vector<std::pair<Value, Value>> entries) {
  Value made = Value::mapping(std::move(entries));
  // mapping() has just made it, so nobody else sees the change.
  const_cast<Mapping*>(made.mapping())->is_namespace = true;
  namespaces_.push_back(made);
  return made;
}

std::string Renderer::render(const Body& body) {
  std::string out;
  run(body, out);
  return out;
}

void Renderer::append(std::string& out, std::string_view text) const {
  if (out.size() + text.size() > limits_.most_text_bytes) {
    throw TemplateError("the template writes more than " + std::to_string(limits_.most_text_bytes) + " bytes");
  }
  out.append(text);
}

Renderer::Flow Renderer::run(const Body& body, std::string& out) {
  const Deeper deeper(*this);
  for (const auto& statement : body) {
    const Flow flow = run(*statement, out);
    if (flow != Flow::on) return flow;
  }
  return Flow::on;
}

Renderer::Flow Renderer::run_scoped(const Body& body, std::string& out) {
  scopes_.emplace_back();
  const Flow flow = run(body, out);
  scopes_.pop_back();
  return flow;
}

std::string Renderer::captured(const Body& body) {
  std::string text;
  run_scoped(body, text);
  return text;
}

Renderer::Flow Renderer::run(const Statement& statement, std::string& out) {
  step();
  switch (statement.kind) {
    case StatementKind::data:
      append(out, statement.text);
      break;
    case StatementKind::print:
      append(out, to_text(evaluate(*statement.value), limits_.most_text_bytes));
      break;
    case StatementKind::branch:
      return run_branch(statement, out);
    case StatementKind::loop:
      return run_loop(statement, out);
    case StatementKind::set:
      run_set(statement);
      break;
    case StatementKind::macro:
      define_macro(statement);
      break;
    case StatementKind::group:
      return run(statement.bodies[0], out);
    case StatementKind::with:
      return run_with(statement, out);
    case StatementKind::leave:
      return Flow::leave;
    case StatementKind::next:
      return Flow::next;
    case StatementKind::filter_block:
    case StatementKind::set_block: {
      Value text(captured(statement.bodies[0]));
      if (statement.value != nullptr) {
        const Value* outer = std::exchange(piped_, &text);
        Value filtered = evaluate(*statement.value);
        piped_ = outer;
        text = std::move(filtered);
      }
      if (statement.kind == StatementKind::set_block) {
        assign(statement.targets, text);
      } else {
        append(out, to_text(text, limits_.most_text_bytes));
      }
      break;
    }
  }
  return Flow::on;
}

Renderer::Flow Renderer::run_branch(const Statement& statement, std::string& out) {
  for (std::size_t i = 0; i < statement.conditions.size(); ++i) {
    if (evaluate(*statement.conditions[i]).truth()) return run(statement.bodies[i], out);
  }
  return statement.bodies.size() > statement.conditions.size() ? run(statement.bodies.back(), out) : Flow::on;
}

Renderer::Flow Renderer::run_loop(const Statement& statement, std::string& out) {
  std::vector<Value> items = elements(evaluate(*statement.value));
  step(items.size());
  if (statement.condition != nullptr) {
    std::vector<Value> chosen;
    for (Value& item : items) {
      scopes_.emplace_back();
      assign(statement.targets, item);
      if (evaluate(*statement.condition).truth()) chosen.push_back(std::move(item));
      scopes_.pop_back();
    }
    items = std::move(chosen);
  }
  if (items.empty()) return statement.bodies.size() > 1 ? run_scoped(statement.bodies[1], out) : Flow::on;
  return run_iterations(statement, items, out);
}

Renderer::Flow Renderer::run_iterations(const Statement& statement, const std::vector<Value>& items, std::string& out) {
  const auto count = static_cast<std::int64_t>(items.size());
  for (std::int64_t i = 0; i < count; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const auto cycle = [i](Renderer&, const Arguments& arguments) -> Value {
      if (arguments.positional.empty()) throw TemplateError("loop.cycle wants something to choose from");
      return arguments.positional[static_cast<std::size_t>(i) % arguments.positional.size()];
    };
    scopes_.emplace_back();
    assign(statement.targets, items[at]);
    scopes_.back().insert_or_assign(
        "loop", Value::mapping({{"index", i + 1},
                                {"index0", i},
                                {"revindex", count - i},
                                {"revindex0", count - i - 1},
                                {"first", i == 0},
                                {"last", i + 1 == count},
                                {"length", count},
                                {"previtem", i > 0 ? items[at - 1] : Value::undefined("there is no previous item")},
                                {"nextitem", i + 1 < count ? items[at + 1] : Value::undefined("there is no next item")},
                                {"cycle", Value::function("cycle", cycle)}}));
    const Flow flow = run(statement.bodies[0], out);
    scopes_.pop_back();
    if (flow == Flow::leave) break;
  }
  return Flow::on;
}

Renderer::Flow Renderer::run_with(const Statement& statement, std::string& out) {
  std::vector<Value> values;
  for (const ExpressionPtr& value : statement.values) values.push_back(evaluate(*value));
  scopes_.emplace_back();
  for (std::size_t i = 0; i < values.size(); ++i)
    scopes_.back().insert_or_assign(statement.targets[i], std::move(values[i]));
  const Flow flow = run(statement.bodies[0], out);
  scopes_.pop_back();
  return flow;
}

void Renderer::assign(const std::vector<std::string>& targets, const Value& value) {
  if (targets.size() == 1) {
    scopes_.back().insert_or_assign(targets[0], value);
    return;
  }
  const std::vector<Value> parts = elements(value);
  if (parts.size() != targets.size()) {
    throw TemplateError(std::to_string(parts.size()) + " values do not fit " + std::to_string(targets.size()) +
                        " names");
  }
  for (std::size_t i = 0; i < parts.size(); ++i) scopes_.back().insert_or_assign(targets[i], parts[i]);
}

void Renderer::run_set(const Statement& statement) {
  Value value = evaluate(*statement.value);
  if (statement.text.empty()) {
    assign(statement.targets, value);
    return;
  }
  Mapping* owner = evaluate_name(statement.targets[0]).name_space();
  if (owner == nullptr)
    throw TemplateError("'" + statement.targets[0] + "' is no namespace, so nothing in it can be set");
  const Value wrapped = Value::list({value});  // refuses what is nested too deep
  for (auto& entry : owner->entries) {
    if (*entry.first.text() == statement.text) {
      entry.second = std::move(value);
      return;
    }
  }
  owner->entries.emplace_back(Value(statement.text), std::move(value));
}

void Renderer::define_macro(const Statement& statement) {
  // The tree outlives the rendering, and so every macro that it defines.
  const Statement* body = &statement;
  const auto call = [body](Renderer& renderer, const Arguments& arguments) {
    return renderer.call_macro(*body, arguments);
  };
  scopes_.back().insert_or_assign(statement.text, Value::function(statement.text, call));
}

Value Renderer::call_macro(const Statement& statement, const Arguments& arguments) {
  if (arguments.positional.size() > statement.parameters.size()) {
    throw TemplateError("macro '" + statement.text + "' takes " + std::to_string(statement.parameters.size()) +
                        " arguments, got " + std::to_string(arguments.positional.size()));
  }
  Scope scope;
  for (std::size_t i = 0; i < statement.parameters.size(); ++i) {
    const Parameter& parameter = statement.parameters[i];
    if (const Value* given = argument(arguments, i, parameter.name)) {
      scope.insert_or_assign(parameter.name, *given);
    } else if (parameter.otherwise != nullptr) {
      scope.insert_or_assign(parameter.name, evaluate(*parameter.otherwise));
    } else {
      scope.insert_or_assign(parameter.name, Value::undefined("parameter '" + parameter.name + "' was not provided"));
    }
  }
  std::vector<Scope> callers;
  callers.swap(scopes_);  // a macro sees the template's own names, not those of the place that calls it
  scopes_.push_back(std::move(callers.front()));
  scopes_.push_back(std::move(scope));
  std::string out;
  const auto restore = [&] {
    callers.front() = std::move(scopes_.front());
    scopes_.swap(callers);
  };
  try {
    run(statement.bodies[0], out);
  } catch (...) {
    restore();
    throw;
  }
  restore();
  return out;
}

}  // namespace motet::prompt::jinja
