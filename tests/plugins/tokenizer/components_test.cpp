// Each component alone, against what the reference makes of it (tests/parity/tokenizers/make_components.py).
#include <simdjson.h>

#include <functional>
#include <map>
#include <set>

#include "corpus.hpp"
#include "support/catch.hpp"

namespace motet::tests {
namespace {

using simdjson::dom::element;
using tokenizer::AlignedText;
using tokenizer::CharacterRange;
using tokenizer::count_utf8;
using tokenizer::EncodeOptions;
using tokenizer::Encoding;
using tokenizer::JsonView;
using tokenizer::kNoToken;
using tokenizer::make_decoder;
using tokenizer::make_normalizer;
using tokenizer::make_pre_tokenizer;
using tokenizer::Piece;
using tokenizer::PieceList;
using tokenizer::Tokenizer;
using tokenizer::TokenizerError;

std::string print(element value) { return simdjson::minify(value); }

std::vector<std::string> strings(element list) {
  std::vector<std::string> out;
  for (const element item : list.get_array()) out.emplace_back(std::string_view(item));
  return out;
}

// Calls visit(case) for each case of this kind; there must be some.
void each_case(std::string_view kind, const std::function<void(element)>& visit) {
  simdjson::dom::parser parser;
  const std::string text = read_file(data_folder() / "components.json");
  int count = 0;
  for (const element one : parser.parse(text).get_array()) {
    if (std::string_view(one["kind"]) != kind) continue;
    ++count;
    visit(one);
  }
  REQUIRE(count > 5);
}

TEST_CASE("normalizers do what the reference's do", "[components]") {
  each_case("normalizer", [](element one) {
    INFO(print(one["config"]));
    const auto normalizer = make_normalizer(JsonView(one["config"], "$.normalizer"));
    const std::vector<std::string> in = strings(one["in"]), out = strings(one["out"]);
    for (std::size_t i = 0; i < in.size(); ++i) {
      AlignedText text = AlignedText::of(in[i], 0);
      normalizer->normalize(text);
      INFO("'" << in[i] << "'");
      CHECK(text.text == out[i]);
      CHECK(text.origin.size() == text.text.size());
    }
  });
}

TEST_CASE("pre-tokenizers cut where the reference's do", "[components]") {
  each_case("pre_tokenizer", [](element one) {
    INFO(print(one["config"]));
    const auto pre_tokenizer = make_pre_tokenizer(JsonView(one["config"], "$.pre_tokenizer"));
    const std::vector<std::string> in = strings(one["in"]);
    for (std::size_t i = 0; i < in.size(); ++i) {
      const AlignedText text = AlignedText::of(in[i], 0);
      PieceList pieces;
      pieces.append(text, 0, static_cast<std::uint32_t>(in[i].size()), kNoToken);
      pre_tokenizer->cut(pieces);
      std::string cut, wanted;
      for (const Piece& piece : pieces.pieces) {
        const auto character = [&](std::uint32_t byte) { return count_utf8(std::string_view(in[i]).substr(0, byte)); };
        cut += "[" + std::string(pieces.text_of(piece)) + " " +
               std::to_string(character(pieces.origin[piece.begin].begin)) + " " +
               std::to_string(character(pieces.origin[piece.end - 1].end)) + "]";
      }
      for (const element piece : one["out"].at(i).get_array()) {
        wanted += "[" + std::string(std::string_view(piece.at(0))) + " " + std::to_string(std::uint64_t(piece.at(1))) +
                  " " + std::to_string(std::uint64_t(piece.at(2))) + "]";
      }
      INFO("'" << in[i] << "'");
      CHECK(cut == wanted);
    }
  });
}

TEST_CASE("decoders give the reference's text", "[components]") {
  each_case("decoder", [](element one) {
    INFO(print(one["config"]));
    const auto decoder = make_decoder(JsonView(one["config"], "$.decoder"));
    std::size_t i = 0;
    for (const element tokens : one["in"].get_array()) {
      std::vector<std::string> parts = strings(tokens);
      decoder->decode(parts);
      std::string text;
      for (const std::string& part : parts) text += part;
      INFO(print(tokens));
      CHECK(text == std::string(std::string_view(one["out"].at(i++))));
    }
  });
}

// As make_components.py describes an encoding: lists of nothing but the usual value are left out.
std::string describe(const Encoding& encoding) {
  std::string out;
  const auto list = [&](const char* name, const auto& values, std::int64_t usual) {
    bool any = false;
    std::string text;
    for (const auto value : values) {
      any = any || static_cast<std::int64_t>(value) != usual;
      text += " " + std::to_string(static_cast<std::int64_t>(value));
    }
    if (any) out += std::string(name) + text + "\n";
  };
  std::vector<std::uint32_t> offsets;
  for (const CharacterRange& range : encoding.offsets) offsets.insert(offsets.end(), {range.begin, range.end});
  list("ids", encoding.ids, -1000);
  list("offsets", offsets, -1000);
  list("words", encoding.words, -1000);
  list("type_ids", encoding.type_ids, 0);
  list("special", encoding.special_mask, 0);
  list("attention", encoding.attention_mask, 1);
  for (const Encoding& part : encoding.overflow) out += "overflow {" + describe(part) + "}\n";
  return out;
}

std::string describe(element encoding) {
  std::string out;
  for (const char* name : {"ids", "offsets", "words", "type_ids", "special", "attention"}) {
    simdjson::dom::array values;
    if (encoding[name].get(values) != simdjson::SUCCESS) continue;
    out += name;
    for (const element value : values) out += " " + std::to_string(std::int64_t(value));
    out += "\n";
  }
  simdjson::dom::array parts;
  if (encoding["overflow"].get(parts) == simdjson::SUCCESS) {
    for (const element part : parts) out += "overflow {" + describe(part) + "}\n";
  }
  return out;
}

TEST_CASE("whole small tokenizers encode as the reference does", "[components]") {
  int refused = 0;
  each_case("encode", [&](element one) {
    INFO(print(one["config"]));
    const Tokenizer tokenizer = Tokenizer::from_json(print(one["config"]));
    for (const element wanted : one["out"].get_array()) {
      const std::vector<std::string> texts = strings(wanted["in"]);
      EncodeOptions options;
      options.add_special_tokens = bool(wanted["add_special"]);
      const auto encode = [&] {
        return texts.size() == 2 ? tokenizer.encode_pair(texts[0], texts[1], options)
                                 : tokenizer.encode(texts[0], options);
      };
      INFO(print(wanted["in"]) << (options.add_special_tokens ? " with" : " without") << " special tokens");
      std::string_view error;
      if (wanted["error"].get(error) == simdjson::SUCCESS) {
        ++refused;
        CHECK_THROWS_AS(encode(), TokenizerError);
      } else {
        CHECK(describe(encode()) == describe(wanted));
      }
    }
  });
  CHECK(refused > 3);
}

}  // namespace
}  // namespace motet::tests
