#include "base/error.hpp"
#include "graph/connect.hpp"
#include "graph/symbols.hpp"
#include "graph/type.hpp"
#include "support/catch.hpp"

using namespace motet::graph;
using motet::tensor::Dim;

TEST_CASE("types of ports as plugins write them") {
  const auto types = parse_port_type("tokens|f32[B, S]|f32[..., D]|i32[3]");
  REQUIRE(types.size() == 4);
  CHECK(types[0].kind == Kind::tokens);
  CHECK(types[1].dims[1].letter == "S");
  CHECK(types[2].dims[0].ellipsis);
  CHECK(types[3].dims[0].size == 3);
  for (const char* text : {"text[]", "f32[B, T, 384]", "f32[..., D]", "i32[]", "tensor", "audio"}) {
    CHECK(motet::graph::text(parse_port_type(text).front()) == text);
  }
  for (const char* bad : {"", "words", "f33[B]", "f32[B", "f32[B, ...]", "f32[B,,C]", "f32[-1]", "text|", "f32[B C]"}) {
    CHECK_THROWS_AS(parse_port_type(bad), motet::base::Error);
  }
  CHECK_THROWS_WITH(parse_port_type("words", "the input 'x' of a.b (plugin a)"),
                    "the input 'x' of a.b (plugin a) has the type 'words', which is none");
}

TEST_CASE("symbols become equal, and numbers, as edges meet") {
  Symbols symbols;
  const Dim a = symbols.fresh("encoder.T");
  const Dim b = symbols.fresh("pool.T");
  const Dim c = symbols.fresh("head.D");
  CHECK(symbols.unify(a, b));
  CHECK(symbols.resolve(b) == a);  // the name nearer to the inputs stays
  CHECK(symbols.text(b) == "encoder.T");
  CHECK(symbols.unify(b, Dim::number(7)));
  CHECK(symbols.resolve(a) == Dim::number(7));
  CHECK_FALSE(symbols.unify(a, Dim::number(8)));
  CHECK(symbols.unify(a, a));
  CHECK(symbols.unify(c, a));
  CHECK(symbols.text({a, Dim::number(384), symbols.fresh("x")}) == "[7, 384, x]");
}

TEST_CASE("symbols remember what made them equal to others, and numbers") {
  Symbols symbols;
  const auto reasons = [&](Dim dim) {
    std::string out;
    for (const motet::base::Note& why : symbols.why(dim)) out += why.text + ";";
    return out;
  };
  const Dim a = symbols.fresh("a"), b = symbols.fresh("b"), c = symbols.fresh("c");
  CHECK(reasons(a).empty());
  CHECK(symbols.unify(b, a, {{}, "x -> b"}));
  CHECK(reasons(b) == "x -> b;");
  CHECK(reasons(a).empty());
  CHECK(symbols.unify(c, b, {{}, "b -> c"}));
  CHECK(symbols.unify(c, c, {{}, "c -> c"}));
  CHECK(symbols.unify(c, Dim::number(4), {{}, "weight"}));
  CHECK(reasons(c) == "b -> c;weight;");
  CHECK(reasons(a) == "weight;");
  CHECK(symbols.unify(a, Dim::number(4), {{}, "again"}));
  CHECK_FALSE(symbols.unify(a, Dim::number(5), {{}, "not"}));
  CHECK(reasons(a) == "weight;");
  CHECK(reasons(Dim::number(4)).empty());
}

TEST_CASE("kinds fit where there is an alternative of theirs, whatever their sizes") {
  const auto fits = [](Way way, Kind kind, const char* port) { return kind_fits(way, kind, parse_port_type(port)); };
  CHECK(fits(Way::host, Kind::text, "text"));
  CHECK_FALSE(fits(Way::host, Kind::tensor, "audio"));
  CHECK_FALSE(fits(Way::host, Kind::tokens, "i32[T]"));
  CHECK(fits(Way::tensor, Kind::tensor, "tokens|f32[B, S]"));
  CHECK(fits(Way::tensor, Kind::tokens, "tokens|f32[B, S]"));
  CHECK(fits(Way::tensor, Kind::tokens, "i32[B, T]"));
  CHECK_FALSE(fits(Way::tensor, Kind::tokens, "f32[B, T]"));
  CHECK_FALSE(fits(Way::tensor, Kind::text, "text"));
}

TEST_CASE("a port's letters bind once for a stage") {
  Symbols symbols;
  Letters letters;
  EdgeType value{Kind::tensor, false, true, false, 0, motet::tensor::DType::f32, {Dim::number(2), Dim::number(768)}};
  CHECK_FALSE(match(value, parse_port_type("f32[..., D]"), "s", letters, symbols));
  const auto misfit = match(value, parse_port_type("f32[D, D]"), "s", letters, symbols);
  REQUIRE(misfit);
  CHECK(misfit->reason == "dimension 0 is 2, wanted 768");
  const EdgeType out = instantiate(parse_port_type("f32[..., E, D]").front(), "s", letters, symbols);
  CHECK(symbols.text(out.dims) == "[2, s.E, 768]");
  const auto wrong_type = match(value, parse_port_type("i32[..., D]"), "s", letters, symbols);
  REQUIRE(wrong_type);
  CHECK(wrong_type->reason == "its elements are f32, wanted i32");
}
