// Stages written with the SDK, driven through the host as the program does.
#include <fstream>
#include <iterator>
#include <map>
#include <motet/utf8.hpp>

#include "core/sdk/recording_builder.hpp"
#include "host/instance.hpp"
#include "plugin/manifest.hpp"
#include "program/op_def.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace host = motet::host;
namespace plugin = motet::plugin;
namespace value = motet::value;
using host::ParamValue;
using motet::tensor::Dim;
using motet::tensor::DType;
using motet::test::RecordingBuilder;

namespace {

// Weights by name with their shapes; what the graph would know.
struct Hooks final : host::NegotiationHooks {
  std::map<std::string, motet::tensor::SymbolicShape> weights;
  std::vector<std::string> told;
  std::string format = "safetensors";
  std::uint32_t symbols = 50;

  const char* weights_path() override { return "/models/tiny"; }
  const char* weights_format() override { return format.c_str(); }
  bool weights_has(std::string_view name) override { return weights.contains(std::string(name)); }
  void weight_source(const host::WeightSource& s) override {
    told.push_back("source " + s.canonical + " " + s.name + " " + std::to_string(s.part) + "/" +
                   std::to_string(s.parts));
  }
  host::TensorSpec declare_weight(const host::WeightRequest& request) override {
    std::string line = "declare " + request.canonical + (request.optional ? " optional" : "") +
                       (request.init.empty() ? "" : " " + request.init);
    for (const Dim& dim : request.shape) line += dim.known() ? " " + std::to_string(dim.size) : " ?";
    told.push_back(line);
    const auto found = weights.find(request.canonical);
    if (found != weights.end()) return {DType::f32, found->second};
    if (request.optional) return {};
    motet::base::fail(motet::base::ErrorKind::user, "there is no weight '" + request.canonical + "'");
  }
  std::uint32_t fresh_symbol() override { return symbols++; }
  void offer(std::string_view slot, std::string_view key, std::string_view text) override {
    told.push_back("offer " + std::string(slot) + " " + std::string(key) + "=" + std::string(text));
  }
  const char* offered(std::string_view) override { return nullptr; }
};

std::shared_ptr<const plugin::Library> library() {
  static const auto loaded =
      std::make_shared<const plugin::Library>(std::string(MOTET_BINARY_DIR) + "/tests/plugins/sdk_test.so");
  return loaded;
}

plugin::LoadedType loaded(const std::string& id) {
  for (const plugin::StageTypeInfo& type : library()->info().types) {
    if (type.id == id) return {&type, library(), library()->find(id)};
  }
  throw std::runtime_error("no such type: " + id);
}

using Given = std::map<std::string, decltype(ParamValue::value)>;

std::unique_ptr<host::Instance> make(const std::string& id, const Given& given = {}, Hooks* hooks = nullptr,
                                     const std::filesystem::path& folder = {}) {
  const plugin::LoadedType type = loaded(id);
  std::vector<ParamValue> params;
  for (const plugin::ParamInfo& param : type.info->params) {
    const auto found = given.find(param.name);
    params.push_back({param.name, param.kind, found == given.end() ? decltype(ParamValue::value)() : found->second});
  }
  return host::Instance::create(type, {"tested", folder, host::Checking::on}, params, {.hooks = hooks});
}

std::unique_ptr<host::Instance> negotiated(std::unique_ptr<host::Instance> stage, Hooks* hooks = nullptr) {
  const std::vector<host::TensorSpec> in(stage->info().inputs.size());
  std::vector<host::TensorSpec> out(stage->info().outputs.size());
  stage->negotiate(in, out, {.hooks = hooks});
  return stage;
}

const Given kPlain{{"loud", false}, {"count", std::int64_t{1}}, {"mode", std::string("plain")}};

Given plain_with(const std::string& name, decltype(ParamValue::value) given) {
  Given out = kPlain;
  out[name] = std::move(given);
  return out;
}

value::Ref describe(const Given& given, const std::string& text, const value::Ref& sound = {},
                    const host::CallOptions& options = {}) {
  const auto stage = negotiated(make("test.describe", given));
  const value::Ref in = value::make_text(text);
  const value::Value* inputs[] = {in.get(), sound.get()};
  value::Ref out[2];
  stage->process(inputs, out, options);
  CHECK(out[1].get() == in.get());
  return out[0];
}

std::string failure(const Given& given, motet_status status, const std::string& path) {
  try {
    return "made " + describe(given, "x")->text();
  } catch (const host::StageError& error) {
    CHECK(error.status() == status);
    CHECK(error.path() == path);
    return error.message();
  }
}

}  // namespace

TEST_CASE("a class's description becomes its type's table") {
  const plugin::StageTypeInfo& info = *loaded("test.describe").info;
  CHECK(info.summary == "Says what it got.");
  CHECK(info.inputs[1].has(MOTET_PORT_OPTIONAL));
  CHECK(info.outputs.size() == 2);
  CHECK(info.find_param("count")->kind == MOTET_PARAM_INT);
  CHECK(info.find_param("count")->maximum == 9);
  CHECK(info.find_param("file")->kind == MOTET_PARAM_PATH);
  CHECK(info.find_param("words")->kind == MOTET_PARAM_STRINGS);
  CHECK(info.find_param("mode")->choices.size() == 8);
  CHECK(info.concurrency == MOTET_SERIAL);
  CHECK(info.determinism == MOTET_IMPURE);
  CHECK(loaded("test.linear").info->concurrency == MOTET_PARALLEL);
  CHECK(loaded("test.last").info->determinism == MOTET_SEEDED);
  const plugin::StageTypeInfo& decoder = *loaded("test.decoder").info;
  CHECK(decoder.find_slot("cross_attention")->required);
  CHECK_FALSE(decoder.find_slot("text")->required);
  CHECK(decoder.find_param("family")->required);
  CHECK(decoder.outputs[1].has(MOTET_PORT_STREAM));
}

TEST_CASE("what a class can do is read from its members") {
  const auto extensions = [](const std::string& id) { return loaded(id).info->extensions; };
  using List = std::vector<std::string>;
  CHECK(extensions("test.linear") == List{"motet.tensor_stage/1"});
  CHECK(extensions("test.describe") == List{"motet.host_stage/1"});
  CHECK(extensions("test.decoder") == List{"motet.generator/1"});
  CHECK(extensions("test.letters") == List{"motet.host_stage/1", "motet.tokenizer/1"});
  CHECK(extensions("test.last") == List{"motet.sampler/1"});
  CHECK(extensions("test.pair") == List{"motet.tensor_stage/1"});
}

TEST_CASE("a host stage gets its parameters and inputs and gives its outputs") {
  CHECK(describe(kPlain, "abc")->text() == "abc");
  Given all{{"loud", true},
            {"count", std::int64_t{2}},
            {"mode", std::string("plain")},
            {"factor", 0.5},
            {"words", std::vector<std::string>{"x", "y"}}};
  CHECK(describe(all, "abc")->text() == "ABCABC+x+y");
  CHECK(describe(kPlain, "abc", value::make_audio({{0, 0, 0, 0}, 2, 8000, {}}))->text() == "abc~2");
  const motet::test::TemporaryFolder folder;
  CHECK(describe(plain_with("file", folder.write("f.yaml", "family: bert\n").string()), "a")->text() == "a@bert");
}

TEST_CASE("a parameter is read as it was declared") {
  CHECK(failure(plain_with("mode", std::string("misread")), MOTET_INTERNAL, "with.count") ==
        "the stage type reads 'count' as a string, and declares it otherwise");
  CHECK(failure(plain_with("mode", std::string("undeclared")), MOTET_INTERNAL, "with.cuont") ==
        "the stage type reads a parameter that it does not declare, 'cuont'");
}

TEST_CASE("exceptions become failures with their status and path") {
  CHECK(failure(plain_with("mode", std::string("fail")), MOTET_INVALID_PARAMETER, "with.mode") == "asked to fail");
  CHECK(failure(plain_with("mode", std::string("item")), MOTET_INVALID_ITEM, "in.text") == "no such item");
  CHECK(failure(plain_with("mode", std::string("standard")), MOTET_INTERNAL, "") == "a plain exception");
  CHECK(failure(plain_with("mode", std::string("odd")), MOTET_INTERNAL, "") ==
        "the plugin threw something that is no std::exception");
  CHECK(failure(plain_with("factor", -1.0), MOTET_INVALID_PARAMETER, "with.factor") == "must not be negative");
  CHECK_THAT(failure(plain_with("file", std::string("/nowhere.yaml")), MOTET_INVALID_PARAMETER, "with.file"),
             Catch::Contains("/nowhere.yaml: there is no such file"));
  const motet::test::TemporaryFolder folder;
  const std::string file = folder.write("f.yaml", "other: 1\n").string();
  CHECK(failure(plain_with("file", file), MOTET_INVALID_PARAMETER, "with.file") == file + ": family is missing");
  const std::atomic<bool> cancelled{true};
  CHECK_THROWS_WITH(describe(plain_with("mode", std::string("cancel")), "x", {}, {.cancelled = &cancelled}),
                    Catch::Contains("cancelled"));
}

TEST_CASE("values of every kind come from and go to a plugin") {
  const auto stage = negotiated(make("test.values"));
  const value::Ref list = value::make_list({value::make_text("a"), value::make_text("bcd")});
  const value::Value* inputs[] = {list.get()};
  value::Ref out[5];
  stage->process(inputs, out, {});
  CHECK(out[0]->tokens().ids == std::vector<std::int32_t>{10, 11});
  CHECK(out[0]->tokens().type_ids == std::vector<std::int32_t>{1, 1});
  CHECK(out[0]->tokens().offsets.empty());
  CHECK(out[1]->tensor().as<float>()[1] == 3);
  CHECK(out[2]->audio().samples == std::vector<float>{0.5f, -0.5f});
  CHECK(out[2]->audio().rate_hz == 16000);
  CHECK(out[3]->image().pixels == std::vector<std::uint8_t>{1, 2, 3});
  CHECK(out[4]->list()[0].get() == list->list()[1].get());
}

TEST_CASE("letters of port types and weights are bound to each other") {
  Hooks hooks;
  hooks.weights = {{"w", {Dim::number(4), Dim::number(3)}}};
  const auto stage = make("test.linear", {{"weight", std::string("w")}}, &hooks);
  const host::TensorSpec in{DType::f32, {Dim::of_symbol(7), Dim::of_symbol(8), Dim::number(3)}};
  host::TensorSpec out{DType::f32, {Dim::of_symbol(1)}};
  stage->negotiate({&in, 1}, {&out, 1}, {.hooks = &hooks});
  CHECK(hooks.told == std::vector<std::string>{"declare w ? 3"});
  CHECK(out.shape == motet::tensor::SymbolicShape{Dim::of_symbol(7), Dim::of_symbol(8), Dim::number(4)});

  RecordingBuilder builder;
  const motet_tensor x = 1;
  motet_tensor y = 0;
  stage->build(builder.get(), {&x, 1}, {&y, 1}, {});
  CHECK(builder.text() == "100 weight w\n101 matmul/1(1 100) transpose_b=1\n");
  CHECK(y == 101);
}

TEST_CASE("a missing weight is the author's error") {
  Hooks hooks;
  try {
    (void)negotiated(make("test.linear", {{"weight", std::string("w")}}, &hooks), &hooks);
    FAIL("negotiated");
  } catch (const host::StageError& error) {
    CHECK(error.path() == "weights.w");
    CHECK(error.message() == "there is no weight 'w'");
  }
}

TEST_CASE("a tensor stage may have optional inputs and several outputs") {
  const auto stage = negotiated(make("test.pair"));
  RecordingBuilder builder;
  const motet_tensor in[] = {1, 0};
  motet_tensor out[2] = {};
  stage->build(builder.get(), in, out, {});
  CHECK(builder.text() ==
        "100 fill/1() shape=1 value=2.000000 dtype=f32\n101 binary/1(1 100) fn=mul\n102 concat/1(1 101) axis=1\n103 "
        "top_k/1(1) k=2\n");
  CHECK(out[0] == 102);
  CHECK(out[1] == 104);
}

TEST_CASE("a generator reads its family, declares weights, tells its slot, and writes a step") {
  const motet::test::TemporaryFolder folder;
  folder.write("tiny.yaml", "family: tiny\ncanonical: {heads: 2}\n");
  Hooks hooks;
  hooks.format = "gguf";
  hooks.weights = {{"embed", {Dim::number(16), Dim::number(8)}}, {"query", {Dim::number(8), Dim::number(8)}}};
  auto decoder = make("test.decoder", {{"family", std::string("tiny.yaml")}}, &hooks, folder.path());
  const auto letters = negotiated(make("test.letters"));
  decoder->fill("text", *letters);
  decoder = negotiated(std::move(decoder), &hooks);
  CHECK(hooks.told == std::vector<std::string>{"source query attn_qkv.weight 0/3", "declare embed ? ?",
                                               "declare query xavier 8 8", "declare bias optional 8",
                                               "offer cross_attention heads=2"});
  const host::Generation said = decoder->generation({});
  CHECK(said.start == 1);
  CHECK(said.stop == std::vector<std::int32_t>{2, 3});
  CHECK(said.stop_strings == std::vector<std::string>{"\n"});
  CHECK(said.vocabulary == 16);

  RecordingBuilder builder;
  const motet_step step{sizeof step, 1, 2, 3, 4, 5};
  const motet_tensor tokens = 0;
  const motet_tensor logits = decoder->build_step(builder.get(), step, {&tokens, 1}, {});
  CHECK(builder.text() ==
        "100 weight embed\n101 embedding/1(100 1)\nenter layers.0\n102 state self 1 2 4\n103 weight query\n104 "
        "matmul/1(101 103) transpose_b=1\n"
        "105 reshape/1(104) shape=-1,2,4\n106 rope/1(105 2) dims=4 theta=10000.000000 layout=interleaved\n"
        "107 attention/1(106 106 106 102 3 2 0 0) causal=0 scale=0.000000 window=0\n108 reshape/1(107) shape=-1,8\n109 "
        "binary/1(101 108) fn=add\n"
        "110 slot cross_attention.0(109)\nleave\n111 layer_norm/1(110 0 0) eps=0.000001\n112 take_rows/1(111 5)\n113 "
        "weight embed\n114 matmul/1(112 113) transpose_b=1\n");
  CHECK(logits == 114);
}

TEST_CASE("a tokenizer and a sampler are called through their extensions") {
  const auto letters = negotiated(make("test.letters"));
  CHECK(letters->encode("ab", true, {})->tokens().ids == std::vector<std::int32_t>{0, 97, 98});
  const std::int32_t ids[] = {0, 97};
  CHECK(letters->decode(ids, true, {})->text() == "a");
  CHECK(letters->decode(ids, false, {})->text() == "^a");
  CHECK(letters->token_id("b") == 98);
  CHECK(letters->token_id("bb") == -1);

  CHECK(make("test.last", {{"temperature", 0.0}})->greedy());
  const auto last = negotiated(make("test.last", {{"temperature", 1.0}}));
  CHECK_FALSE(last->greedy());
  const float logits[] = {0, 0, 0};
  const std::int32_t history[] = {1, 1};
  CHECK(last->sample(logits, history, 2, {}) == 1);
}

TEST_CASE("bytes that form no character become U+FFFD, as The Unicode Standard's table of maximal subparts has it") {
  const std::string bad = "\xEF\xBF\xBD";
  CHECK(motet::valid_utf8("").empty());
  const std::string good =
      std::string("a\0b", 3) + "\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xF0\x90\x80\x80\xF4\x8F\xBF\xBF";
  CHECK(motet::valid_utf8(good) == good);
  // Table 3-8 to 3-11 of the standard: forms that are too long, surrogates, what lies beyond, and what is cut short.
  CHECK(motet::valid_utf8("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41") ==
        bad + bad + bad + bad + bad + bad + bad + bad + "A");
  CHECK(motet::valid_utf8("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41") ==
        bad + bad + bad + bad + bad + bad + bad + bad + "A");
  CHECK(motet::valid_utf8("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42") ==
        bad + bad + bad + bad + bad + "A" + bad + bad + "B");
  CHECK(motet::valid_utf8("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41") == bad + bad + bad + bad + "A");
  CHECK(motet::valid_utf8("x\xF0\x9F\x8E") == "x" + bad);
}

TEST_CASE("a stage uses the tokenizer in its slot, and the tokenizer's failure is the call's") {
  const auto letters = negotiated(make("test.letters"));
  auto prompt = make("test.prompt");
  prompt->fill("text", *letters);
  prompt = negotiated(std::move(prompt));
  const auto run = [&](const std::string& text) {
    const value::Ref in = value::make_text(text);
    const value::Value* inputs[] = {in.get()};
    value::Ref out;
    prompt->process(inputs, {&out, 1}, {});
    return out;
  };
  CHECK(run("a")->tokens().ids == std::vector<std::int32_t>{'<', 'a', '>'});
  CHECK_THROWS_WITH(run("!"), "stage 'tested' (test.prompt): no token for '!'");
  const auto alone = negotiated(make("test.prompt"));
  const value::Ref in = value::make_text("a");
  const value::Value* inputs[] = {in.get()};
  value::Ref out;
  CHECK_THROWS_WITH(alone->process(inputs, {&out, 1}, {}), Catch::Contains("is empty"));
}

TEST_CASE("the SDK has a typed method for each operation that is not lowering's own") {
  std::ifstream in(std::string(MOTET_BINARY_DIR) + "/generated/sdk/motet/ops.hpp");
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  for (const motet::program::OpDef* op : motet::program::all_ops()) {
    const bool there = text.find("emit(\"" + std::string(op->name) + "/1\"") != std::string::npos;
    INFO(op->name);
    CHECK(there == !op->of_lowering);
  }
}
