#include "prompt/jinja_parser.hpp"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <utility>

#include "prompt/jinja_error.hpp"
#include "prompt/jinja_expressions.hpp"

namespace motet::prompt::jinja {
namespace {

using Names = std::initializer_list<std::string_view>;

class StatementParser {
 public:
  explicit StatementParser(std::string_view source) : read_(tokenize(source)) {}

  Body whole() {
    Body body = until({});
    if (read_.peek().kind != TokenKind::end) read_.fail("'{% " + read_.peek().text + " %}' closes nothing");
    return body;
  }

 private:
  static std::unique_ptr<Statement> made(StatementKind kind, int line) {
    auto statement = std::make_unique<Statement>();
    statement->kind = kind;
    statement->line = line;
    return statement;
  }

  // Statements up to one of the closing tags, whose name is then the next token, or up to the end where there are none.
  Body until(Names closing) {
    const ExpressionParser::Deeper deeper(read_);
    const int opened = read_.peek().line;
    Body body;
    for (;;) {
      const Token& token = read_.peek();
      if (token.kind == TokenKind::data) {
        body.push_back(made(StatementKind::data, token.line));
        body.back()->text = read_.take().text;
      } else if (token.kind == TokenKind::print_begin) {
        read_.take();
        body.push_back(made(StatementKind::print, token.line));
        body.back()->value = read_.expression_or_tuple();
        if (read_.peek().kind != TokenKind::print_end) read_.fail("wanted '}}', found '" + read_.peek().text + "'");
        read_.take();
      } else if (token.kind == TokenKind::block_begin) {
        read_.take();
        if (std::find(closing.begin(), closing.end(), read_.peek().text) != closing.end()) return body;
        statement(body);
      } else if (closing.size() == 0) {
        return body;
      } else {
        throw TemplateError("line " + std::to_string(opened) + ": this block is not closed by '{% " +
                            std::string(*(closing.end() - 1)) + " %}'");
      }
    }
  }

  void end_block() {
    if (read_.peek().kind != TokenKind::block_end) read_.fail("wanted '%}', found '" + read_.peek().text + "'");
    read_.take();
  }

  // The body up to `name`, which is consumed with its tag.
  Body closed_by(std::string_view name) {
    end_block();
    Body body = until({name});
    read_.take();
    if (read_.peek().kind == TokenKind::name) read_.take();  // {% endmacro name %}
    end_block();
    return body;
  }

  void statement(Body& body) {
    const int line = read_.peek().line;
    const std::string tag = read_.peek().kind == TokenKind::name ? read_.take().text : "";
    if (tag == "if") {
      body.push_back(branch(line));
    } else if (tag == "for") {
      body.push_back(loop(line));
    } else if (tag == "set") {
      body.push_back(set(line));
    } else if (tag == "macro") {
      body.push_back(macro(line));
    } else if (tag == "with") {
      body.push_back(with(line));
    } else if (tag == "filter") {
      body.push_back(made(StatementKind::filter_block, line));
      body.back()->value = read_.filters_on_nothing();
      body.back()->bodies.push_back(closed_by("endfilter"));
    } else if (tag == "generation") {  // marks the assistant's words for training; here only its body matters
      body.push_back(made(StatementKind::group, line));
      body.back()->bodies.push_back(closed_by("endgeneration"));
    } else if (tag == "break" || tag == "continue") {
      if (loops_ == 0) read_.fail("'{% " + tag + " %}' stands outside a loop");
      body.push_back(made(tag == "break" ? StatementKind::leave : StatementKind::next, line));
      end_block();
    } else {
      read_.fail("'{% " + (tag.empty() ? read_.peek().text : tag) +
                 " %}' is not known here; known are if, for, set, macro, with, " +
                 "filter, raw, break, continue and generation");
    }
  }

  std::unique_ptr<Statement> branch(int line) {
    auto out = made(StatementKind::branch, line);
    for (;;) {
      out->conditions.push_back(read_.expression_or_tuple());
      end_block();
      out->bodies.push_back(until({"elif", "else", "endif"}));
      if (!read_.accept_name("elif")) break;
    }
    if (read_.accept_name("else")) {
      end_block();
      out->bodies.push_back(until({"endif"}));
    }
    read_.expect_name("endif");
    end_block();
    return out;
  }

  std::unique_ptr<Statement> loop(int line) {
    auto out = made(StatementKind::loop, line);
    out->targets = targets();
    read_.expect_name("in");
    out->value = read_.disjunction();
    if (read_.accept_name("if")) out->condition = read_.expression();
    if (read_.accept_name("recursive"))
      read_.fail("recursive loops are not supported; write a macro that calls itself");
    end_block();
    ++loops_;
    out->bodies.push_back(until({"else", "endfor"}));
    --loops_;
    if (read_.accept_name("else")) {
      end_block();
      out->bodies.push_back(until({"endfor"}));
    }
    read_.expect_name("endfor");
    end_block();
    return out;
  }

  std::vector<std::string> targets() {
    std::vector<std::string> names;
    const bool bracket = read_.accept_symbol("(");
    do {
      names.push_back(read_.name());
    } while (read_.accept_symbol(","));
    if (bracket) read_.expect_symbol(")");
    return names;
  }

  std::unique_ptr<Statement> set(int line) {
    auto out = made(StatementKind::set, line);
    out->targets = targets();
    if (out->targets.size() == 1 && read_.accept_symbol(".")) out->text = read_.name();
    if (read_.accept_symbol("=")) {
      out->value = read_.expression_or_tuple();
      end_block();
      return out;
    }
    out->kind = StatementKind::set_block;
    if (out->targets.size() != 1 || !out->text.empty()) read_.fail("wanted '='");
    if (read_.accept_symbol("|")) out->value = read_.filters_on_nothing();
    out->bodies.push_back(closed_by("endset"));
    return out;
  }

  std::unique_ptr<Statement> macro(int line) {
    auto out = made(StatementKind::macro, line);
    out->text = read_.name();
    read_.expect_symbol("(");
    while (!read_.accept_symbol(")")) {
      Parameter parameter{read_.name(), nullptr};
      if (read_.accept_symbol("=")) parameter.otherwise = read_.expression();
      out->parameters.push_back(std::move(parameter));
      if (!read_.accept_symbol(",") && !read_.at(TokenKind::symbol, ")")) read_.fail("wanted ',' or ')'");
    }
    const int outer = std::exchange(loops_, 0);
    out->bodies.push_back(closed_by("endmacro"));
    loops_ = outer;
    return out;
  }

  std::unique_ptr<Statement> with(int line) {
    auto out = made(StatementKind::with, line);
    while (read_.peek().kind != TokenKind::block_end) {
      out->targets.push_back(read_.name());
      read_.expect_symbol("=");
      out->values.push_back(read_.expression());
      if (!read_.accept_symbol(",")) break;
    }
    out->bodies.push_back(closed_by("endwith"));
    return out;
  }

  ExpressionParser read_;
  int loops_ = 0;
};
}  // namespace

Body parse(std::string_view source) { return StatementParser(source).whole(); }

}  // namespace motet::prompt::jinja
