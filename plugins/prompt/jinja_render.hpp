// Walks a template's tree and writes its text, within limits.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "prompt/jinja_ast.hpp"

namespace motet::prompt::jinja {

// One rendering of one template. Throws TemplateError: the template's own words through raise_exception, a mistake, or
// a limit. Not to be used twice; one thread.
class Renderer {
 public:
  Renderer(std::vector<std::pair<std::string, Value>> variables, const Limits& limits);
  ~Renderer();
  Renderer(const Renderer&) = delete;
  Renderer& operator=(const Renderer&) = delete;

  std::string render(const Body& body);

  const Limits& limits() const { return limits_; }
  Value evaluate(const Expression& expression);
  Value call(const Value& callee, const Arguments& arguments, const std::string& shown);
  Value apply_filter(const std::string& name, const Value& operand, const Arguments& arguments);
  bool apply_test(const std::string& name, const Value& operand, const Arguments& arguments);
  Value member(const Value& owner, const Value& key);  // owner[key], owner.key
  void step(std::size_t count = 1);                    // throws when the rendering has taken too many
  Value new_namespace(std::vector<std::pair<Value, Value>> entries);

 private:
  enum class Flow { on, leave, next };
  using Scope = std::map<std::string, Value, std::less<>>;
  // One more level of nesting while it lives; throws past the limit.
  class Deeper {
   public:
    explicit Deeper(Renderer& renderer) : renderer_(renderer) {
      if (++renderer_.depth_ > renderer_.limits_.most_depth) {
        --renderer_.depth_;
        throw TemplateError("the template calls itself, or nests, more than " +
                            std::to_string(renderer_.limits_.most_depth) + " deep");
      }
    }
    ~Deeper() { --renderer_.depth_; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;

   private:
    Renderer& renderer_;
  };

  Flow run(const Body& body, std::string& out);
  Flow run(const Statement& statement, std::string& out);
  Flow run_branch(const Statement& statement, std::string& out);
  Flow run_loop(const Statement& statement, std::string& out);
  Flow run_iterations(const Statement& statement, const std::vector<Value>& items, std::string& out);
  Flow run_with(const Statement& statement, std::string& out);
  void run_set(const Statement& statement);
  void define_macro(const Statement& statement);
  Value call_macro(const Statement& statement, const Arguments& arguments);
  Flow run_scoped(const Body& body, std::string& out);
  std::string captured(const Body& body);
  void assign(const std::vector<std::string>& targets, const Value& value);
  void append(std::string& out, std::string_view text) const;

  Arguments arguments_of(const Expression& expression);
  Value evaluate_name(const std::string& name) const;
  Value evaluate_binary(const Expression& expression);
  Value evaluate_comparison(const Expression& expression);
  Value evaluate_slice(const Expression& expression);
  Value evaluate_call(const Expression& expression);
  Value evaluate_filter(const Expression& expression);
  Value evaluate_mapping(const Expression& expression);
  std::vector<Value> evaluate_all(const Expression& expression);

  Limits limits_;
  std::vector<Scope> scopes_;  // innermost last; the first holds the variables and the template's own names
  std::vector<Value> namespaces_;
  const Value* piped_ = nullptr;  // what {% filter %} works on
  std::size_t steps_ = 0;
  std::size_t depth_ = 0;
};

// Arithmetic as Python does it.
Value arithmetic(const std::string& name, const Value& a, const Value& b, const Limits& limits);
bool contains(const Value& whole, const Value& part);
// The method of a text or mapping ("strip", "items"); undefined where it has none of that name.
Value method(const Value& owner, const std::string& name);
// The functions that every template finds: range, namespace, dict, raise_exception, strftime_now.
std::vector<std::pair<std::string, Value>> global_functions();

// For functions, filters and tests: the argument at a position or with a name; null where absent.
const Value* argument(const Arguments& arguments, std::size_t index, std::string_view name);
// Throws TemplateError where it is absent or of another kind.
const std::string& text_argument(const Arguments& arguments, std::size_t index, std::string_view name);

}  // namespace motet::prompt::jinja
