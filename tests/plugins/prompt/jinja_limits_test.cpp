// A template is a program from a stranger: whatever it says, rendering ends, in little memory, with a message.
#include <chrono>
#include <string>

#include "prompt/jinja.hpp"
#include "support/catch.hpp"

using motet::prompt::jinja::Limits;
using motet::prompt::jinja::Template;
using motet::prompt::jinja::TemplateError;

namespace {

std::string refusal(const std::string& source, const Limits& limits = {}) {
  try {
    Template(source).render({}, limits);
  } catch (const TemplateError& error) {
    return error.what();
  }
  return "";
}

std::string repeated(const std::string& text, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += text;
  return out;
}

bool says(const std::string& message, const std::string& part) { return message.find(part) != std::string::npos; }
}  // namespace

TEST_CASE("endless and exploding templates are refused") {
  const auto begin = std::chrono::steady_clock::now();
  const std::string loops =
      "{% for a in range(100000) %}{% for b in range(100000) %}{% set x = 1 %}{% endfor %}{% endfor %}";
  CHECK(says(refusal(loops), "loop for ever"));
  CHECK(says(refusal("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}"), "deep"));
  CHECK(says(refusal("{{ 'x' * 100000000000 }}"), "bytes"));
  CHECK(says(refusal("{{ [1] * 100000000000 }}"), "elements"));
  CHECK(says(refusal("{{ range(100000000000) }}"), "numbers"));
  CHECK(says(refusal("{% for i in range(100000) %}{{ 'x' * 1000 }}{% endfor %}"), "bytes"));
  CHECK(
      says(refusal("{% set ns = namespace(s='xx') %}{% for i in range(60) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}"),
           "bytes"));
  CHECK(says(
      refusal(
          "{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}"),
      "bytes"));
  CHECK(says(refusal("{% set ns = namespace(l=[1]) %}{% for i in range(1000) %}{% set ns.l = [ns.l] %}{% endfor %}"),
             "deep"));
  CHECK(says(refusal("{{ ('x' * 100000) | replace('x', 'y' * 100000) }}"), "bytes"));
  CHECK(says(refusal("{% set ns = namespace() %}{% set ns.me = ns %}{{ ns }}"), "contains itself"));
  CHECK(says(refusal("{{ 9223372036854775807 + 1 }}"), "too large"));
  CHECK(says(refusal("{{ 10 ** 100 }}"), "too large"));
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(30));
}

TEST_CASE("nesting is limited where templates are read") {
  CHECK(says(refusal("{{ " + repeated("(", 5000) + "1" + repeated(")", 5000) + " }}"), "deep"));
  CHECK(says(refusal("{{ " + repeated("not ", 5000) + "1 }}"), "deep"));
  CHECK(says(refusal("{{ " + repeated("-", 5000) + "1 }}"), "deep"));
  CHECK(says(refusal(repeated("{% if 1 %}", 5000) + repeated("{% endif %}", 5000)), "deep"));
  CHECK(says(refusal("{{ 1" + repeated(" + 1", 5000) + " }}"), "too long"));
  CHECK(says(refusal("{{ a" + repeated(".a", 5000) + " }}"), "too long"));
  CHECK(refusal("{{ 1" + repeated(" + 1", 300) + " }}").empty());
}

TEST_CASE("mistakes name their line") {
  CHECK(says(refusal("one\ntwo {{ a b }}"), "line 2"));
  CHECK(says(refusal("\n\n{% if x %}"), "line 3"));
  CHECK(says(refusal("{% for a in [1] %}\n{% unknown %}{% endfor %}"), "'{% unknown %}'"));
  CHECK(says(refusal("{# never closed"), "comment"));
  CHECK(says(refusal("{{ 'never closed }}"), "not closed"));
  CHECK(says(refusal("{% raw %} {{ x"), "endraw"));
  CHECK(says(refusal("{{ nothing.here }}"), "'nothing' is undefined"));
  CHECK(refusal("{{ raise_exception('no') }}") == "no");
  CHECK(refusal("{{ raise_exception('') }}") == "the template refuses");
  CHECK(refusal("{{ raise_exception('\\0no') }}") == "the template refuses");
  CHECK(refusal("one\n{{ a\xff }}") == "line 2: it is not UTF-8");
  CHECK(refusal("{{ 1 }}\xc3") == "line 1: it is not UTF-8");
  CHECK(says(refusal(std::string(std::size_t{5} << 20, 'x')), "more than 4194304 bytes"));
}

TEST_CASE("a template renders the same again") {
  const Template made(
      "{% set ns = namespace(n=0) %}{% for i in range(3) %}{% set ns.n = ns.n + 1 %}{% endfor %}{{ ns.n }}");
  CHECK(made.render({}) == "3");
  CHECK(made.render({}) == "3");
}
