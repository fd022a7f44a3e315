#include "prompt/jinja_expressions.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "prompt/jinja_error.hpp"

namespace motet::prompt::jinja {
namespace {

constexpr int kMostParsed = 400;    // levels of brackets, blocks and prefixes
constexpr int kMostChained = 1000;  // depth of a tree, which chains such as a + b + c also make
constexpr std::array<std::string_view, 9> kReserved = {"and", "or", "not", "in", "is", "if", "else", "elif", "for"};

std::vector<ExpressionPtr> children(ExpressionPtr a) {
  std::vector<ExpressionPtr> out;
  out.push_back(std::move(a));
  return out;
}

std::vector<ExpressionPtr> children(ExpressionPtr a, ExpressionPtr b) {
  std::vector<ExpressionPtr> out = children(std::move(a));
  out.push_back(std::move(b));
  return out;
}

std::string described(const Token& token) {
  switch (token.kind) {
    case TokenKind::data:
      return "text";
    case TokenKind::block_begin:
      return "'{%'";
    case TokenKind::block_end:
      return "the end of the block";
    case TokenKind::print_begin:
      return "'{{'";
    case TokenKind::print_end:
      return "the end of the print";
    case TokenKind::end:
      return "the end of the template";
    default:
      return "'" + token.text + "'";
  }
}
}  // namespace

ExpressionParser::Deeper::Deeper(ExpressionParser& parser) : parser_(parser) {
  if (++parser_.depth_ > kMostParsed) {
    --parser_.depth_;
    parser_.fail("the template is nested more than " + std::to_string(kMostParsed) + " deep");
  }
}

void ExpressionParser::fail(const std::string& message) const {
  throw TemplateError("line " + std::to_string(peek().line) + ": " + message);
}

bool ExpressionParser::accept_symbol(std::string_view text) {
  if (!at(TokenKind::symbol, text)) return false;
  take();
  return true;
}

bool ExpressionParser::accept_name(std::string_view text) {
  if (!at(TokenKind::name, text)) return false;
  take();
  return true;
}

void ExpressionParser::expect_symbol(std::string_view text) {
  if (!accept_symbol(text)) fail("wanted '" + std::string(text) + "', found " + described(peek()));
}

void ExpressionParser::expect_name(std::string_view text) {
  if (!accept_name(text)) fail("wanted '" + std::string(text) + "', found " + described(peek()));
}

std::string ExpressionParser::name() {
  const Token& token = peek();
  if (token.kind != TokenKind::name || std::find(kReserved.begin(), kReserved.end(), token.text) != kReserved.end()) {
    fail("wanted a name, found " + described(token));
  }
  return take().text;
}

ExpressionPtr ExpressionParser::node(ExpressionKind kind, std::string name, std::vector<ExpressionPtr> children) {
  auto made = std::make_unique<Expression>();
  made->kind = kind;
  made->line = peek().line;
  made->name = std::move(name);
  for (const ExpressionPtr& child : children) {
    if (child != nullptr) made->depth = std::max(made->depth, child->depth + 1);
  }
  made->children = std::move(children);
  if (made->depth > kMostChained) fail("the expression is too long");
  return made;
}

ExpressionPtr ExpressionParser::expression_or_tuple() {
  ExpressionPtr first = expression();
  if (!at(TokenKind::symbol, ",")) return first;
  std::vector<ExpressionPtr> members = children(std::move(first));
  while (accept_symbol(",")) {
    if (peek().kind == TokenKind::block_end || peek().kind == TokenKind::print_end) break;
    members.push_back(expression());
  }
  return node(ExpressionKind::tuple, "", std::move(members));
}

ExpressionPtr ExpressionParser::expression() {
  const Deeper deeper(*this);
  ExpressionPtr value = disjunction();
  if (!accept_name("if")) return value;
  std::vector<ExpressionPtr> parts = children(disjunction(), std::move(value));
  parts.push_back(accept_name("else") ? expression() : nullptr);
  return node(ExpressionKind::conditional, "", std::move(parts));
}

ExpressionPtr ExpressionParser::disjunction() {
  ExpressionPtr left = conjunction();
  while (accept_name("or")) left = node(ExpressionKind::binary, "or", children(std::move(left), conjunction()));
  return left;
}

ExpressionPtr ExpressionParser::conjunction() {
  ExpressionPtr left = negation();
  while (accept_name("and")) left = node(ExpressionKind::binary, "and", children(std::move(left), negation()));
  return left;
}

ExpressionPtr ExpressionParser::negation() {
  const Deeper deeper(*this);
  if (accept_name("not")) return node(ExpressionKind::unary, "not", children(negation()));
  return comparison();
}

ExpressionPtr ExpressionParser::comparison() {
  std::vector<ExpressionPtr> operands = children(sum());
  std::vector<std::string> names;
  for (;;) {
    if (accept_name("in")) {
      names.emplace_back("in");
    } else if (at(TokenKind::name, "not") && tokens_[at_ + 1].kind == TokenKind::name &&
               tokens_[at_ + 1].text == "in") {
      take();
      take();
      names.emplace_back("not in");
    } else if (peek().kind == TokenKind::symbol && (peek().text == "==" || peek().text == "!=" || peek().text == "<" ||
                                                    peek().text == ">" || peek().text == "<=" || peek().text == ">=")) {
      names.push_back(take().text);
    } else {
      break;
    }
    operands.push_back(sum());
  }
  if (names.empty()) return std::move(operands.front());
  ExpressionPtr made = node(ExpressionKind::comparison, "", std::move(operands));
  made->names = std::move(names);
  return made;
}

ExpressionPtr ExpressionParser::sum() {
  ExpressionPtr left = concatenation();
  while (at(TokenKind::symbol, "+") || at(TokenKind::symbol, "-")) {
    std::string name = take().text;
    left = node(ExpressionKind::binary, std::move(name), children(std::move(left), concatenation()));
  }
  return left;
}

ExpressionPtr ExpressionParser::concatenation() {
  ExpressionPtr left = product();
  while (accept_symbol("~")) left = node(ExpressionKind::binary, "~", children(std::move(left), product()));
  return left;
}

ExpressionPtr ExpressionParser::product() {
  ExpressionPtr left = unary(true);
  while (peek().kind == TokenKind::symbol &&
         (peek().text == "*" || peek().text == "/" || peek().text == "//" || peek().text == "%")) {
    std::string name = take().text;
    left = node(ExpressionKind::binary, std::move(name), children(std::move(left), unary(true)));
  }
  return left;
}

ExpressionPtr ExpressionParser::unary(bool with_filters) {
  const Deeper deeper(*this);
  if (at(TokenKind::symbol, "-") || at(TokenKind::symbol, "+")) {
    std::string name = take().text;
    ExpressionPtr made = node(ExpressionKind::unary, std::move(name), children(unary(false)));
    return with_filters ? filters_and_tests(std::move(made)) : std::move(made);
  }
  return power(with_filters);
}

ExpressionPtr ExpressionParser::power(bool with_filters) {
  ExpressionPtr left = postfix(primary());
  while (accept_symbol("**")) left = node(ExpressionKind::binary, "**", children(std::move(left), unary(false)));
  return with_filters ? filters_and_tests(std::move(left)) : std::move(left);
}

ExpressionPtr ExpressionParser::postfix(ExpressionPtr operand) {
  for (;;) {
    if (accept_symbol(".")) {
      if (peek().kind == TokenKind::integer) {
        operand = node(ExpressionKind::subscript, "", children(std::move(operand), number(take())));
      } else if (peek().kind == TokenKind::name) {
        std::string name = take().text;
        operand = node(ExpressionKind::attribute, std::move(name), children(std::move(operand)));
      } else {
        fail("wanted a name after '.', found " + described(peek()));
      }
    } else if (accept_symbol("[")) {
      operand = subscript(std::move(operand));
    } else if (accept_symbol("(")) {
      operand = node(ExpressionKind::call, "", children(std::move(operand)));
      arguments(*operand);
    } else {
      return operand;
    }
  }
}

ExpressionPtr ExpressionParser::filters_and_tests(ExpressionPtr operand) {
  for (;;) {
    if (accept_symbol("|")) {
      operand = filter(std::move(operand));
    } else if (accept_name("is")) {
      operand = test(std::move(operand));
    } else if (at(TokenKind::symbol, "(") || at(TokenKind::symbol, ".") || at(TokenKind::symbol, "[")) {
      operand = postfix(std::move(operand));
    } else {
      return operand;
    }
  }
}

ExpressionPtr ExpressionParser::filter(ExpressionPtr operand) {
  std::string called = name();
  ExpressionPtr made = node(ExpressionKind::filter, std::move(called), children(std::move(operand)));
  if (accept_symbol("(")) arguments(*made);
  return made;
}

ExpressionPtr ExpressionParser::filters_on_nothing() {
  ExpressionPtr made = filter(nullptr);
  while (accept_symbol("|")) made = filter(std::move(made));
  return made;
}

ExpressionPtr ExpressionParser::test(ExpressionPtr operand) {
  const bool negated = accept_name("not");
  if (peek().kind != TokenKind::name) fail("wanted the name of a test after 'is', found " + described(peek()));
  std::string called = take().text;
  ExpressionPtr made = node(ExpressionKind::test, std::move(called), children(std::move(operand)));
  const Token& next = peek();
  const bool word = next.kind == TokenKind::name && next.text != "and" && next.text != "or" && next.text != "else" &&
                    next.text != "if" && next.text != "is" && next.text != "in" && next.text != "not";
  if (accept_symbol("(")) {
    arguments(*made);
  } else if (word || next.kind == TokenKind::integer || next.kind == TokenKind::number ||
             next.kind == TokenKind::text || at(TokenKind::symbol, "[") || at(TokenKind::symbol, "{")) {
    made->children.push_back(postfix(primary()));
    made->depth = std::max(made->depth, made->children.back()->depth + 1);
  }
  return negated ? node(ExpressionKind::unary, "not", children(std::move(made))) : std::move(made);
}

ExpressionPtr ExpressionParser::number(const Token& token) {
  ExpressionPtr made = node(ExpressionKind::constant, "", {});
  const char* end = token.text.data() + token.text.size();
  if (token.kind == TokenKind::integer) {
    std::int64_t value = 0;
    if (std::from_chars(token.text.data(), end, value).ec != std::errc())
      fail("the number " + token.text + " is too large");
    made->value = value;
  } else {
    double value = 0;
    if (std::from_chars(token.text.data(), end, value).ec != std::errc())
      fail("the number " + token.text + " is too large");
    made->value = value;
  }
  return made;
}

ExpressionPtr ExpressionParser::primary() {
  const Deeper deeper(*this);
  const Token token = peek();
  if (token.kind == TokenKind::integer || token.kind == TokenKind::number) {
    take();
    return number(token);
  }
  if (token.kind == TokenKind::text) {
    std::string text;
    while (peek().kind == TokenKind::text) text += take().text;
    ExpressionPtr made = node(ExpressionKind::constant, "", {});
    made->value = std::move(text);
    return made;
  }
  if (token.kind == TokenKind::name) {
    const std::string& word = token.text;
    const bool truth = word == "true" || word == "True";
    if (truth || word == "false" || word == "False" || word == "none" || word == "None") {
      take();
      ExpressionPtr made = node(ExpressionKind::constant, "", {});
      if (word != "none" && word != "None") made->value = truth;
      return made;
    }
    return node(ExpressionKind::name, name(), {});
  }
  bool comma = false;
  if (accept_symbol("[")) return node(ExpressionKind::list, "", items("]", comma));
  if (accept_symbol("{")) return mapping();
  if (!accept_symbol("(")) fail("wanted an expression, found " + described(token));
  std::vector<ExpressionPtr> members = items(")", comma);
  if (members.size() == 1 && !comma) return std::move(members.front());
  return node(ExpressionKind::tuple, "", std::move(members));
}

std::vector<ExpressionPtr> ExpressionParser::items(std::string_view closing, bool& comma) {
  std::vector<ExpressionPtr> out;
  while (!accept_symbol(closing)) {
    out.push_back(expression());
    comma = accept_symbol(",");
    if (!comma && !at(TokenKind::symbol, closing))
      fail("wanted ',' or '" + std::string(closing) + "', found " + described(peek()));
  }
  return out;
}

ExpressionPtr ExpressionParser::mapping() {
  std::vector<ExpressionPtr> members;
  while (!accept_symbol("}")) {
    members.push_back(expression());
    expect_symbol(":");
    members.push_back(expression());
    if (!accept_symbol(",") && !at(TokenKind::symbol, "}")) fail("wanted ',' or '}', found " + described(peek()));
  }
  return node(ExpressionKind::mapping, "", std::move(members));
}

ExpressionPtr ExpressionParser::subscript(ExpressionPtr operand) {
  std::vector<ExpressionPtr> parts = children(std::move(operand));
  bool slice = false;
  for (;;) {
    const bool empty = at(TokenKind::symbol, ":") || at(TokenKind::symbol, "]");
    parts.push_back(empty ? nullptr : expression());
    if (!accept_symbol(":")) break;
    slice = true;
    if (parts.size() > 3) fail("a slice has at most three parts");
  }
  expect_symbol("]");
  if (!slice && parts[1] == nullptr) fail("wanted an index between '[' and ']'");
  if (slice) parts.resize(4);
  return node(slice ? ExpressionKind::slice : ExpressionKind::subscript, "", std::move(parts));
}

void ExpressionParser::arguments(Expression& call) {
  while (!accept_symbol(")")) {
    ExpressionPtr value;
    std::string key;
    if (peek().kind == TokenKind::name && tokens_[at_ + 1].kind == TokenKind::symbol && tokens_[at_ + 1].text == "=") {
      key = name();
      take();
    } else if (!call.named.empty()) {
      fail("an argument without a name follows one with a name");
    }
    value = expression();
    call.depth = std::max(call.depth, value->depth + 1);
    if (key.empty()) {
      call.children.push_back(std::move(value));
    } else {
      call.named.emplace_back(std::move(key), std::move(value));
    }
    if (!accept_symbol(",") && !at(TokenKind::symbol, ")")) fail("wanted ',' or ')', found " + described(peek()));
  }
  if (call.depth > kMostChained) fail("the expression is too long");
}

}  // namespace motet::prompt::jinja
