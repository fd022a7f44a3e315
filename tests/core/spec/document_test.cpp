#include "spec/document.hpp"

#include <chrono>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace motet;

namespace {

struct Parsed {
  base::Diagnostics diagnostics;
  std::optional<spec::Node> node;
};

Parsed parse(std::string text) {
  Parsed out;
  if (const auto file = spec::check_source("t.yaml", std::move(text), out.diagnostics)) {
    out.node = spec::parse_document(file, out.diagnostics);
  }
  return out;
}

// Every key and value as "line:column+length what", in document order.
void list_places(const spec::Node& node, std::vector<std::string>& out) {
  const auto at = [](const base::Place& p) {
    return std::to_string(p.line) + ":" + std::to_string(p.column) + "+" + std::to_string(p.length) + " ";
  };
  switch (node.kind) {
    case spec::Node::Kind::null:
      out.push_back(at(node.place) + "null");
      break;
    case spec::Node::Kind::scalar:
      out.push_back(at(node.place) + (node.quoted ? "'" + node.text + "'" : node.text));
      break;
    case spec::Node::Kind::list:
      out.push_back(at(node.place) + "[");
      for (const spec::Node& item : node.items) list_places(item, out);
      break;
    case spec::Node::Kind::map:
      out.push_back(at(node.place) + "{");
      for (const spec::Entry& entry : node.entries) {
        out.push_back(at(entry.key_place) + entry.key + ":");
        list_places(entry.value, out);
      }
      break;
  }
}

std::vector<std::string> places(const std::string& text) {
  const Parsed parsed = parse(text);
  REQUIRE(parsed.diagnostics.empty());
  REQUIRE(parsed.node);
  std::vector<std::string> out;
  list_places(*parsed.node, out);
  return out;
}

using Lines = std::vector<std::string>;

std::string only_code(const std::string& text) {
  const Parsed parsed = parse(text);
  return parsed.diagnostics.size() == 1 ? parsed.diagnostics.list()[0].code
                                        : std::to_string(parsed.diagnostics.size()) + " diagnostics";
}

}  // namespace

TEST_CASE("keys and values have their places, in characters") {
  CHECK(places("é: {ü: 1, \"ß\": 'x y'}\nzwei: drei\n") == Lines{"1:1+0 {", "1:1+1 é:", "1:4+0 {",
                                                                 "1:5+1 ü:", "1:8+1 1", "1:11+3 ß:", "1:16+5 'x y'",
                                                                 "2:1+4 zwei:", "2:7+4 drei"});
  CHECK(places("a:\n  - x\n  - - y\n    - \"z\"\n") ==
        Lines{"1:1+0 {", "1:1+1 a:", "2:3+0 [", "2:5+1 x", "3:5+0 [", "3:7+1 y", "4:7+3 'z'"});
  CHECK(places("\xEF\xBB\xBF"
               "a: b\r\nc: d\r\n") == Lines{"1:1+0 {", "1:1+1 a:", "1:4+1 b", "2:1+1 c:", "2:4+1 d"});
  CHECK(places("日本: 語\n") == Lines{"1:1+0 {", "1:1+2 日本:", "1:5+1 語"});
}

TEST_CASE("an empty value is where its key is") {
  CHECK(places("a:\nb: 1\n") == Lines{"1:1+0 {", "1:1+1 a:", "1:1+1 null", "2:1+1 b:", "2:4+1 1"});
  CHECK(places("a:\n\n# comment\nnull2: 1\n")[2] == "1:1+1 null");
  CHECK(places("a: null\nb: ~\n") == Lines{"1:1+0 {", "1:1+1 a:", "1:4+1 null", "2:1+1 b:", "2:4+1 null"});
  CHECK(places("a: {x: , y}\n") ==
        Lines{"1:1+0 {", "1:1+1 a:", "1:4+0 {", "1:5+1 x:", "1:5+1 null", "1:10+1 y:", "1:10+1 null"});
  CHECK(places("a:\n  -\n  # x - y\n  - 2\n  -\n") ==
        Lines{"1:1+0 {", "1:1+1 a:", "2:3+0 [", "2:3+0 null", "4:5+1 2", "5:3+0 null"});
  CHECK(places("- # nothing\n") == Lines{"1:1+0 [", "1:1+0 null"});
}

TEST_CASE("multi-line scalars begin where they begin") {
  const Lines found = places("a: |\n  one\n  two\nb: >-\n  three\n  four\nc: five\n  six\nd: \"seven\n  eight\"\n");
  CHECK(found == Lines{"1:1+0 {", "1:1+1 a:", "1:4+0 'one\ntwo\n'", "4:1+1 b:", "4:4+0 'three four'",
                       "7:1+1 c:", "7:4+0 five six", "9:1+1 d:", "9:4+0 'seven eight'"});
}

TEST_CASE("quoting is kept, so that text stays text") {
  const Parsed parsed = parse("a: 1\nb: \"1\"\nc: '1'\nd: |-\n  1\n");
  REQUIRE(parsed.node);
  CHECK(spec::as_int(*parsed.node->find("a")) == 1);
  for (const char* key : {"b", "c", "d"}) {
    CHECK(parsed.node->find(key)->text == "1");
    CHECK_FALSE(spec::as_int(*parsed.node->find(key)));
  }
  CHECK(parsed.node->find("missing") == nullptr);
}

TEST_CASE("scalars are read by YAML 1.2's core schema") {
  const auto plain = [](const char* text) { return spec::Node::scalar(text, false); };
  CHECK(spec::as_bool(plain("true")) == true);
  CHECK(spec::as_bool(plain("FALSE")) == false);
  for (const char* text : {"yes", "on", "1", "tRue", ""}) CHECK_FALSE(spec::as_bool(plain(text)));
  CHECK(spec::as_int(plain("-12")) == -12);
  CHECK(spec::as_int(plain("+7")) == 7);
  CHECK(spec::as_int(plain("007")) == 7);
  CHECK(spec::as_int(plain("0x1f")) == 31);
  CHECK(spec::as_int(plain("0o17")) == 15);
  CHECK(spec::as_int(plain("9223372036854775807")) == INT64_MAX);
  CHECK(spec::as_int(plain("-9223372036854775808")) == INT64_MIN);
  for (const char* text : {"9223372036854775808", "-9223372036854775809", "1.0", "1e3", "0x", "-0x1", "1_000", "", "-",
                           "99999999999999999999"}) {
    INFO(text);
    CHECK_FALSE(spec::as_int(plain(text)));
  }
  CHECK(spec::as_float(plain("1.5")) == 1.5);
  CHECK(spec::as_float(plain("-.5e-3")) == -0.0005);
  CHECK(spec::as_float(plain("+2.")) == 2.0);
  CHECK(spec::as_float(plain("3")) == 3.0);
  CHECK(spec::as_float(plain("1.0e-5")) == 1.0e-5);
  CHECK(spec::as_float(plain("-.inf")) == -std::numeric_limits<double>::infinity());
  CHECK(std::isnan(spec::as_float(plain(".nan")).value()));
  for (const char* text : {"", ".", "e3", "1e", "inf", "nan", "1.2.3", "0x1p3", "1,5", "1e999", "--1", "+-1"}) {
    INFO(text);
    CHECK_FALSE(spec::as_float(plain(text)));
  }
}

TEST_CASE("what YAML readers disagree about is refused") {
  CHECK(only_code("a: 1\na: 2\n") == "M0003");
  CHECK(only_code("{\"a\": 1, 'a': 2}\n") == "M0003");
  CHECK(only_code("<<: {a: 1}\n") == "M0004");
  CHECK(only_code("\"<<\": {a: 1}\n") == "0 diagnostics");
  CHECK(only_code("a: &x 1\n") == "M0005");
  CHECK(only_code("a: 1\n...\nb: 1\n") == "M0006");
  CHECK(only_code("- a\nb: 1\n") == "M0006");
  CHECK(only_code("---\na: 1\n") == "0 diagnostics");
  CHECK(only_code("--- \na: 1\n---\n") == "M0006");
  CHECK(only_code("null: 1\n") == "M0009");
  CHECK(only_code("{[a]: 1}\n") == "M0009");
  CHECK(only_code("a: !x 1\n") == "M0010");
  CHECK(only_code("a: |\n  x\n\ty\n") == "M0008");
  CHECK(only_code("a: |\n  x\n  \ty\n") == "0 diagnostics");
  CHECK(only_code("a: \"never closed\n") == "M0002");
  CHECK(only_code("a: 'it''s\n\n") == "M0002");
}

TEST_CASE("size, depth and number of values are limited, and quickly") {
  const auto started = std::chrono::steady_clock::now();
  CHECK(only_code("a: " + std::string(200'000, '[')) == "M0007");
  CHECK(only_code(std::string(1'000'000, '{')) == "M0007");
  CHECK(only_code("# " + std::string(5'000'000, 'x')) == "M0007");
  std::string many = "[";
  for (int i = 0; i < 120'000; ++i) many += "1,";
  CHECK(only_code(many + "1]") == "M0007");
  std::string keys;
  for (int i = 0; i < 120'000; ++i) keys += "k" + std::to_string(i) + ": 1\n";
  CHECK(only_code(keys) == "M0007");
  std::string nested;
  for (int i = 0; i < 100; ++i) nested += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
  CHECK(only_code(nested) == "M0007");
  std::string dashes;
  for (int i = 0; i < 10'000; ++i) dashes += "- ";
  CHECK(only_code(dashes) == "M0007");
  std::string same;
  for (int i = 0; i < 5'000; ++i) same += "a: 1\n";
  CHECK(parse(same).diagnostics.size() == 100);
  CHECK(std::chrono::steady_clock::now() - started < std::chrono::seconds(20));
}

TEST_CASE("no cut and no flipped byte breaks the reader") {
  const std::string text =
      "motet: 1\nname: \"é ${x}\"\nstages:\n  a: {use: 'it''s', with: [1, {b: c}], in: &x y}\n  b: |\n    text\n  c: "
      ">-\n"
      "    more\n? [k]\n: *x\n--- # end\n!tag z\n";
  std::size_t refused = 0;
  for (std::size_t length = 0; length <= text.size(); ++length) {
    const Parsed parsed = parse(text.substr(0, length));
    refused += parsed.diagnostics.empty() ? 0 : 1;
    CHECK((parsed.node || !parsed.diagnostics.empty()));
  }
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (const char* other :
         {"\"", "'", "[", "}", ":", "-", "\t", "\n", "&", "*", "!", "|", "#", "\x80", "\x00", "?", ","}) {
      std::string changed = text;
      changed[at] = *other;
      const Parsed parsed = parse(changed);
      CHECK((parsed.node || !parsed.diagnostics.empty()));
      for (const base::Diagnostic& diagnostic : parsed.diagnostics.list()) CHECK(diagnostic.place.line > 0);
    }
  }
  CHECK(refused > text.size() / 4);
}

TEST_CASE("broken UTF-8 is refused with its byte offset") {
  for (const std::string& bad : {std::string("\x80"), std::string("\xC0\xAF"), std::string("\xED\xA0\x80"),
                                 std::string("\xF5\x80\x80\x80"), std::string("\xE2\x82")}) {
    const Parsed parsed = parse("a: ü\nb: x" + bad);
    REQUIRE(parsed.diagnostics.size() == 1);
    const base::Diagnostic& diagnostic = parsed.diagnostics.list()[0];
    CHECK(diagnostic.code == "M0001");
    CHECK(diagnostic.message.find("byte offset 10") != std::string::npos);
    CHECK(diagnostic.place.text() == "t.yaml:2:5");
  }
}
