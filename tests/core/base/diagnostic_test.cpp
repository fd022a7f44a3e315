#include "base/diagnostic.hpp"

#include <algorithm>

#include "base/codes.hpp"
#include "base/render.hpp"
#include "support/catch.hpp"

using namespace motet::base;

namespace {

Diagnostic at(std::string text, int line, int column, int length = 0) {
  auto file = std::make_shared<SourceFile>();
  file->path = "p.yaml";
  file->text = std::move(text);
  Diagnostic out;
  out.code = "M0207";
  out.place = {file, line, column, length};
  out.message = "what is wrong";
  return out;
}

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    out.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

}  // namespace

TEST_CASE("lines of a source") {
  SourceFile file{"f", "one\ntwo\r\n\nfour"};
  CHECK(file.line(1) == "one");
  CHECK(file.line(2) == "two");
  CHECK(file.line(3).empty());
  CHECK(file.line(4) == "four");
  CHECK(file.line(5).empty());
  CHECK(SourceFile{"f", "a\n"}.line(2).empty());
  CHECK(Place{}.text().empty());
  CHECK(Place{std::make_shared<SourceFile>(file), 0, 0, 0}.text() == "f");
  CHECK(Place{std::make_shared<SourceFile>(file), 3, 0, 0}.text() == "f:3");
}

TEST_CASE("diagnostics are sorted by place, and stay in order within one") {
  Diagnostics list;
  const auto add = [&](int line, int column, const char* message) {
    Diagnostic d = at("x\ny\nz\n", line, column);
    d.message = message;
    list.add(d);
  };
  add(3, 1, "d");
  add(1, 9, "b");
  add(1, 2, "a");
  add(1, 9, "c");
  list.sort();
  std::string order;
  for (const Diagnostic& d : list.list()) order += d.message;
  CHECK(order == "abcd");
  CHECK(std::string(DiagnosticsError(list).what()) == "p.yaml:1:2: error[M0207]: a (and 3 more)");
  CHECK(DiagnosticsError(list).kind() == ErrorKind::user);
}

TEST_CASE("the picture of the design") {
  Diagnostic d = at("1\n2\n3\n4\n5\n6\n  seen: {use: projector.linear, in: {x: image_encoder.pooled}}\n", 7, 41);
  d.label = "f32[B, 768] from image_encoder.pooled (line 4)";
  d.notes.push_back({{}, "projector.linear takes f32[..., 512]: the last dimension is 768, wanted 512"});
  d.notes.push_back({{d.place.file, 4, 2, 0}, "made here"});
  d.help = "the image side uses visual_projection.weight";
  CHECK(render(d, false) ==
        "p.yaml:7:41: error[M0207]: what is wrong\n"
        "    7 |   seen: {use: projector.linear, in: {x: image_encoder.pooled}}\n"
        "      |                                         ^ f32[B, 768] from image_encoder.pooled (line 4)\n"
        "      |   projector.linear takes f32[..., 512]: the last dimension is 768, wanted 512\n"
        "      |   made here (p.yaml:4:2)\n"
        "   help: the image side uses visual_projection.weight\n");
  Diagnostics both;
  both.add(d);
  both.add(d);
  CHECK(render(both, false) == render(d, false) + render(d, false));
}

TEST_CASE("without a place there is no picture") {
  Diagnostic d;
  d.code = "M0001";
  d.message = "m";
  d.label = "l";
  CHECK(render(d, false) == "error[M0001]: m\n      |   l\n");
  d = at("x\n", 0, 0);
  CHECK(render(d, false) == "p.yaml: error[M0207]: what is wrong\n");
}

TEST_CASE("the caret stands under its character, whatever stands before") {
  CHECK(lines(render(at("\tx: y", 1, 5), false)).at(2) == "      |        ^");  // a tab is shown as 4 columns
  CHECK(lines(render(at("\tx: y", 1, 5), false)).at(1) == "    1 |     x: y");
  CHECK(lines(render(at("日本: x", 1, 5, 1), false)).at(2) == "      |       ^");  // wide characters take 2
  CHECK(lines(render(at("e\xCC\x81: x", 1, 5), false)).at(2) == "      |    ^");   // a combining accent takes none
  CHECK(lines(render(at("a日本b", 1, 2, 2), false)).at(2) == "      |  ^~~~");
  CHECK(lines(render(at("abc", 1, 4), false)).at(2) == "      |    ^");
  CHECK(display_width("日本e\xCC\x81x") == 6);
}

TEST_CASE("a long line is cut around the caret") {
  for (int column : {1, 2, 60, 500, 998, 1000}) {
    std::string text(1000, '.');
    text[static_cast<std::size_t>(column - 1)] = 'X';
    const auto shown = lines(render(at(text, 1, column), false));
    INFO(column);
    REQUIRE(shown.size() == 3);
    CHECK(display_width(shown[1]) <= 8 + 126);
    CHECK(shown[1].find('X') == shown[2].find('^'));
    CHECK(shown[1].find('X') != std::string::npos);
  }
  CHECK(lines(render(at(std::string(1000, 'x'), 1, 1, 1000), false))[2].size() <= 8 + 126);
}

TEST_CASE("nothing in a file or a name can steer the terminal") {
  Diagnostic d = at("a\x1b[31mb\x07", 1, 1);
  d.message = "bad \x1b]0;title\x07 name\nsecond";
  d.label = "\x1b[2J";
  d.help = "\xE2\x80\xAE";  // right-to-left override
  const std::string text = render(d, false);
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find('\x07') == std::string::npos);
  CHECK(text.find("\xE2\x80\xAE") == std::string::npos);
  CHECK(lines(text).size() == 4);
}

TEST_CASE("colour changes nothing but colour") {
  Diagnostic d = at("abc", 1, 2);
  d.help = "h";
  std::string coloured = render(d, true), plain;
  for (std::size_t i = 0; i < coloured.size(); ++i) {
    if (coloured[i] == '\x1b') {
      i = coloured.find('m', i);
    } else {
      plain += coloured[i];
    }
  }
  CHECK(coloured != plain);
  CHECK(plain == render(d, false));
}

TEST_CASE("codes are found however they are written, and explained in a few lines") {
  REQUIRE(find_code("M0003") != nullptr);
  CHECK(find_code("m0003") == find_code("M0003"));
  CHECK(find_code("3") == find_code("M0003"));
  CHECK(find_code("0003") == find_code("M0003"));
  for (const char* text : {"", "M", "M9999", "M00030", "x", "00000003"}) CHECK(find_code(text) == nullptr);
  for (const CodeInfo& info : codes()) {
    INFO(info.code);
    CHECK(info.code.size() == 5);
    CHECK_FALSE(info.title.empty());
    const auto newlines = std::count(info.explanation.begin(), info.explanation.end(), '\n');
    CHECK(newlines <= 5);
    CHECK(info.explanation.size() > 60);
  }
}
