// The stage type `tokenizer` as the host sees it: through the library, in checked mode.
#include <cstdint>
#include <span>

#include "host/instance.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace motet::tests {
namespace {

const std::string kJson = R"({"added_tokens":[{"id":0,"content":"[S]","special":true}],
  "pre_tokenizer":{"type":"WhitespaceSplit"},
  "post_processor":{"type":"BertProcessing","sep":["[S]",0],"cls":["[S]",0]},
  "padding":{"strategy":{"Fixed":8},"pad_id":9}, "truncation":{"max_length":6},
  "model":{"type":"WordLevel","unk_token":"?","vocab":{"[S]":0,"a":1,"b":2,"c":3,"?":4,"[P]":9}}})";

// A GGUF file with nothing but a byte-level tokenizer.
std::string little_gguf() {
  const auto raw = [](auto value) { return std::string(reinterpret_cast<const char*>(&value), sizeof value); };
  const auto text = [&](std::string_view s) { return raw(std::uint64_t{s.size()}).append(s); };
  const auto list = [&](std::initializer_list<std::string_view> items) {
    std::string out = raw(std::uint32_t{9}) + raw(std::uint32_t{8}) + raw(std::uint64_t{items.size()});
    for (const std::string_view item : items) out += text(item);
    return out;
  };
  std::string out = "GGUF" + raw(std::uint32_t{3}) + raw(std::uint64_t{0}) + raw(std::uint64_t{6});
  out += text("tokenizer.ggml.model") + raw(std::uint32_t{8}) + text("gpt2");
  out += text("tokenizer.ggml.pre") + raw(std::uint32_t{8}) + text("smollm");
  out += text("tokenizer.ggml.tokens") + list({"<s>", "a", "b", "ab", "1", "2",
                                               "\xC4\xA0"
                                               "a"});
  out += text("tokenizer.ggml.token_type") + raw(std::uint32_t{9}) + raw(std::uint32_t{5}) + raw(std::uint64_t{7});
  for (const std::int32_t type : {3, 1, 1, 1, 1, 1, 1}) out += raw(type);
  out += text("tokenizer.ggml.merges") + list({"a b"});
  out += text("tokenizer.ggml.bos_token_id") + raw(std::uint32_t{4}) + raw(std::uint32_t{0});
  return out;
}

struct Settings {
  std::string file;
  bool add_special = true;
  std::int64_t max_length = 0;  // 0: not given
  std::string padding = "file";
};

std::unique_ptr<host::Instance> make(const Settings& settings) {
  const auto library =
      std::make_shared<const plugin::Library>(std::string(MOTET_BINARY_DIR) + "/lib/motet/plugins/tokenizer.so");
  REQUIRE(library->info().types.size() == 1);
  const plugin::LoadedType type{&library->info().types.front(), library, library->find("tokenizer")};
  std::vector<host::ParamValue> params(4);
  params[0] = {"file", MOTET_PARAM_PATH, settings.file};
  params[1] = {"add_special", MOTET_PARAM_BOOL, settings.add_special};
  params[2] = {"max_length", MOTET_PARAM_INT, {}};
  if (settings.max_length > 0) params[2].value = settings.max_length;
  params[3] = {"padding", MOTET_PARAM_STRING, settings.padding};
  auto made = host::Instance::create(type, {"words", {}, host::Checking::on}, params, {});
  const host::TensorSpec none;
  host::TensorSpec out[2];
  made->negotiate({&none, 1}, out, {});
  return made;
}

struct Result {
  std::vector<std::int32_t> ids;
  std::vector<std::uint32_t> offsets;
  std::string text;
};

Result run(const host::Instance& stage, const std::string& text) {
  const value::Ref in = value::make_text(text);
  const value::Value* inputs[] = {in.get()};
  value::Ref out[2];
  stage.process(inputs, out, {});
  return {out[0]->tokens().ids, out[0]->tokens().offsets, out[1]->text()};
}

std::string refusal(const Settings& settings) {
  try {
    (void)make(settings);
  } catch (const host::StageError& error) {
    CHECK(error.path() == "with.file");
    CHECK(error.obligation() == 0);
    return error.message();
  }
  return "made";
}

using Ids = std::vector<std::int32_t>;

TEST_CASE("the stage honours the file's padding and truncation, or its parameters instead", "[stage]") {
  const test::TemporaryFolder folder;
  const std::string file = folder.write("tokenizer.json", kJson).string();
  const auto as_file = make({file});
  const Result result = run(*as_file, "a b");
  CHECK(result.ids == Ids{0, 1, 2, 0, 9, 9, 9, 9});
  CHECK(result.text == "a b [P] [P] [P] [P]");
  CHECK(result.offsets == std::vector<std::uint32_t>{0, 0, 0, 1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  CHECK(run(*as_file, "a b c a b c").ids == Ids{0, 1, 2, 3, 1, 0, 9, 9});
  CHECK(run(*make({file, false, 0, "none"}), "a b c a b c a").ids == Ids{1, 2, 3, 1, 2, 3});
  CHECK(run(*make({file, true, 4, "none"}), "a b c").ids == Ids{0, 1, 2, 0});
  CHECK(run(*make({folder.path().string(), true, 0, "none"}), "").ids == Ids{0, 0});
}

TEST_CASE("in a slot it neither cuts nor pads", "[stage]") {
  const test::TemporaryFolder folder;
  const auto stage = make({folder.write("tokenizer.json", kJson).string()});
  CHECK(stage->encode("a b c a b c a b", false, {})->tokens().ids == Ids{1, 2, 3, 1, 2, 3, 1, 2});
  CHECK(stage->encode("a", true, {})->tokens().ids == Ids{0, 1, 0});
  const Ids ids{0, 1, 2, 77, -5, 0};
  CHECK(stage->decode(ids, true, {})->text() == "a b");
  CHECK(stage->decode(ids, false, {})->text() == "[S] a b [S]");
  CHECK(stage->token_id("[S]") == 0);
  CHECK(stage->token_id("c") == 3);
  CHECK(stage->token_id("nowhere") == -1);
}

TEST_CASE("the tokenizer inside a GGUF file is read through the host", "[stage]") {
  const test::TemporaryFolder folder;
  folder.write("model.gguf", little_gguf());
  const auto stage = make({folder.path().string()});
  const Result result = run(*stage, "ab<s>12ab");
  CHECK(result.ids == Ids{3, 0, 4, 5, 3});
  CHECK(result.text == "ab12ab");
}

TEST_CASE("a file that is no tokenizer is the parameter's mistake", "[stage]") {
  const test::TemporaryFolder folder;
  CHECK_THAT(refusal({(folder.path() / "none.json").string()}), Catch::Contains("none.json' does not exist"));
  CHECK_THAT(refusal({folder.path().string()}), Catch::Contains("holds neither a tokenizer.json nor a .gguf file"));
  CHECK_THAT(refusal({folder.write("bad.json", R"({"model":{"type":"Oracle"}})").string()}),
             Catch::Contains("bad.json: $.model: model type 'Oracle' is not supported"));
  CHECK_THAT(refusal({folder.write("short.gguf", little_gguf().substr(0, 90)).string()}),
             Catch::Contains("short.gguf"));
  const std::string no_merge = little_gguf();
  const std::size_t merge = no_merge.rfind("a b");
  CHECK_THAT(
      refusal({folder.write("merge.gguf", no_merge.substr(0, merge) + "b a" + no_merge.substr(merge + 3)).string()}),
      Catch::Contains("tokenizer.ggml.merges[0]: names the token 'ba', which is not in the vocabulary"));
}

TEST_CASE("a text that cannot be encoded is that item's failure", "[stage]") {
  const test::TemporaryFolder folder;
  const std::string strict = R"({"model":{"type":"WordLevel","unk_token":"?","vocab":{"a":0}}})";
  const auto stage = make({folder.write("tokenizer.json", strict).string()});
  CHECK(run(*stage, "a").ids == Ids{0});
  try {
    run(*stage, "b");
    FAIL("accepted");
  } catch (const host::StageError& error) {
    CHECK(error.status() == MOTET_INVALID_ITEM);
    CHECK(error.path() == "in.text");
    CHECK(error.message() == "'b' is not in the vocabulary, nor is the unknown token '?'");
  }
  value::Ref out[2];
  const value::Value* nothing[] = {nullptr};
  CHECK_THROWS_AS(stage->process(nothing, out, {}), host::StageError);
}

}  // namespace
}  // namespace motet::tests
