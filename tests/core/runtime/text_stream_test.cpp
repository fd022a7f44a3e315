#include "runtime/text_stream.hpp"

#include <fstream>

#include "base/utf8.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace motet;

namespace {

void append_utf8(std::string& out, std::uint32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else {
    out += static_cast<char>(0xC0 | (c >> 6));
    out += static_cast<char>(0x80 | (c & 0x3F));
  }
}

// A byte-level tokenizer whose token of each byte is the byte's value: every border of characters and of stop strings
// lies between tokens.
std::string bytes_json() {
  std::string vocabulary;
  std::uint32_t other = 256;
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    const bool printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    if (byte > 0) vocabulary += ',';
    vocabulary += '"';
    if (byte == '"' || byte == '\\') vocabulary += '\\';
    append_utf8(vocabulary, printable ? byte : other++);
    vocabulary += "\":" + std::to_string(byte);
  }
  return R"({"pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false},"decoder":{"type":"ByteLevel"},)"
         R"("model":{"type":"BPE","merges":[],"vocab":{)" +
         vocabulary + "}}}";
}

struct Bytes {
  Bytes() {
    const std::string file = folder.path() / "tokenizer.json";
    std::ofstream(file) << bytes_json();
    library =
        std::make_shared<const plugin::Library>(std::string(MOTET_BINARY_DIR) + "/lib/motet/plugins/tokenizer.so");
    const plugin::LoadedType type{&library->info().types.front(), library, library->find("tokenizer")};
    const std::vector<host::ParamValue> params{{"file", MOTET_PARAM_PATH, file},
                                               {"add_special", MOTET_PARAM_BOOL, true},
                                               {"max_length", MOTET_PARAM_INT, {}},
                                               {"padding", MOTET_PARAM_STRING, std::string("none")}};
    instance = host::Instance::create(type, {"words", {}, host::Checking::on}, params, {});
    const host::TensorSpec none;
    host::TensorSpec out[2];
    instance->negotiate({&none, 1}, out, {});
  }
  test::TemporaryFolder folder;
  std::shared_ptr<const plugin::Library> library;
  std::unique_ptr<host::Instance> instance;
};

struct Streamed {
  std::vector<std::string> pieces;
  std::string sent;
  std::string text;
  std::size_t tokens = 0;  // that were taken
  bool stopped = false;
};

Streamed stream(const Bytes& bytes, const std::string& said, const std::vector<std::string>& stops) {
  Streamed out;
  runtime::TextStream stream(bytes.instance.get(), stops,
                             [&](std::string_view piece) {
                               out.pieces.emplace_back(piece);
                               out.sent += piece;
                             },
                             {});
  std::vector<std::int32_t> ids;
  for (const char c : said) {
    ids.push_back(static_cast<unsigned char>(c));
    ++out.tokens;
    if (!stream.update(ids)) {
      out.stopped = true;
      break;
    }
  }
  stream.finish(ids);
  out.text = stream.text();
  return out;
}

}  // namespace

TEST_CASE("text comes in whole characters, however long it gets") {
  const Bytes bytes;
  std::string said;
  for (int i = 0; i < 60; ++i) said += "a\xC3\xA9\xE2\x82\xAC \xF0\x9F\x98\x80, ";  // 1 to 4 bytes each
  const Streamed got = stream(bytes, said, {});
  CHECK_FALSE(got.stopped);
  CHECK(got.text == said);
  CHECK(got.sent == said);
  for (const std::string& piece : got.pieces) CHECK_FALSE(base::first_bad_utf8(piece));
}

TEST_CASE("a stop string ends a sequence across the borders of tokens, and nothing of it is sent") {
  const Bytes bytes;
  for (const std::size_t before : {0, 1, 63, 64, 65, 200}) {
    const std::string said(before, 'x');
    const Streamed got = stream(bytes, said + "<|end|> and more", {"never", "<|end|>"});
    CHECK(got.stopped);
    CHECK(got.tokens == before + 7);
    CHECK(got.text == said);
    CHECK(got.sent == said);
  }
}

TEST_CASE("what only begins like a stop string is sent once that is certain") {
  const Bytes bytes;
  const Streamed got = stream(bytes, "a<|en<|e", {"<|end|>"});
  CHECK_FALSE(got.stopped);
  CHECK(got.sent == "a<|en<|e");
  CHECK(got.pieces.front() == "a");
  CHECK(got.pieces.back() == "<|e");
}

TEST_CASE("of two stop strings the one that begins first counts") {
  const Bytes bytes;
  const Streamed got = stream(bytes, "one two", {"two", "e tw"});
  CHECK(got.stopped);
  CHECK(got.text == "on");
}

TEST_CASE("a sequence that ends inside a character says so with a replacement character") {
  const Bytes bytes;
  const Streamed got = stream(bytes, "a\xE2\x82", {});
  CHECK(got.text == "a\xEF\xBF\xBD");
  CHECK(got.sent == got.text);
}
