// The expression part of the parser: a cursor over tokens and what can be read from it.
#pragma once

#include <string_view>
#include <vector>

#include "prompt/jinja_ast.hpp"
#include "prompt/jinja_lexer.hpp"

namespace motet::prompt::jinja {

class ExpressionParser {
 public:
  explicit ExpressionParser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  // A whole expression, with `x if c else y`; a tuple where commas follow at the top.
  ExpressionPtr expression();
  ExpressionPtr expression_or_tuple();
  ExpressionPtr disjunction();  // without the conditional: what a loop walks through
  // Filters only, as they stand in {% filter upper | trim %}; the innermost one's first child is null.
  ExpressionPtr filters_on_nothing();

  const Token& peek() const { return tokens_[at_]; }
  const Token& take() { return tokens_[at_ + 1 < tokens_.size() ? at_++ : at_]; }
  bool at(TokenKind kind, std::string_view text) const { return peek().kind == kind && peek().text == text; }
  bool accept_symbol(std::string_view text);
  bool accept_name(std::string_view text);
  void expect_symbol(std::string_view text);
  void expect_name(std::string_view text);
  std::string name();  // any name that is no reserved word
  [[noreturn]] void fail(const std::string& message) const;

  // Counts one more level of nesting while it lives.
  class Deeper {
   public:
    explicit Deeper(ExpressionParser& parser);
    ~Deeper() { --parser_.depth_; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;

   private:
    ExpressionParser& parser_;
  };

 private:
  ExpressionPtr node(ExpressionKind kind, std::string name, std::vector<ExpressionPtr> children);
  ExpressionPtr conjunction();
  ExpressionPtr negation();
  ExpressionPtr comparison();
  ExpressionPtr sum();
  ExpressionPtr concatenation();
  ExpressionPtr product();
  ExpressionPtr unary(bool with_filters);
  ExpressionPtr power(bool with_filters);
  ExpressionPtr postfix(ExpressionPtr operand);
  ExpressionPtr filters_and_tests(ExpressionPtr operand);
  ExpressionPtr filter(ExpressionPtr operand);
  ExpressionPtr test(ExpressionPtr operand);
  ExpressionPtr primary();
  ExpressionPtr number(const Token& token);
  ExpressionPtr subscript(ExpressionPtr operand);
  ExpressionPtr mapping();
  void arguments(Expression& call);
  std::vector<ExpressionPtr> items(std::string_view closing, bool& comma);

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace motet::prompt::jinja
