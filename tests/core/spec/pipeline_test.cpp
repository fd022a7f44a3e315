#include "spec/pipeline.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/error.hpp"
#include "base/render.hpp"
#include "spec/document.hpp"
#include "support/catch.hpp"

using namespace motet;
namespace fs = std::filesystem;

namespace {

spec::PipelineSpec parse(const std::string& text, const fs::path& path = "p/pipeline.yaml") {
  base::Diagnostics diagnostics;
  const auto file = spec::check_source(path.string(), text, diagnostics);
  REQUIRE(file);
  const auto document = spec::parse_document(file, diagnostics);
  REQUIRE(document);
  spec::PipelineSpec out = spec::parse_pipeline(*document, path, diagnostics);
  INFO(base::render(diagnostics, false));
  REQUIRE(diagnostics.empty());
  return out;
}

constexpr const char* kZeroShot = R"(# yaml-language-server: $schema=motet-pipeline-1.json
motet: 1
name: zero-shot
summary: Scores an image against texts in one vector space.
params:
  model: {type: path, help: folder in the Hugging Face layout}
weights:
  clip: ${model}
inputs:
  image: image
  labels: {type: "text[]", once: true}
stages:
  pixels:        {use: image.preprocess,    with: {config: "${model}/preprocessor_config.json"}, in: {image: inputs.image}}
  image_encoder: {use: encoder.transformer, with: {family: clip.vision}, weights: clip, in: {x: pixels}}
  seen:          {use: projector.linear,    with: {weight: visual_projection.weight}, weights: {from: clip, prefix: v.}, in: {x: image_encoder.pooled}}
  match:         {use: retrieval.similarity, with: {scale: logit_scale}, weights: clip, in: {a: seen, b: [seen, pixels]}}
outputs:
  probabilities: match.softmax
)";

constexpr const char* kSpeechToChat = R"(motet: 1
name: speech-to-chat
params:
  ears: {type: path}
  mind: {type: path, help: GGUF file}
  max_tokens: {type: int, default: 128, min: 1}
inputs: {audio: audio}
weights: {mind: "${mind}"}
stages:
  heard:   {include: ../transcribe, with: {model: "${ears}"}, in: {audio: inputs.audio}}
  ask:     {use: prompt.chat, with: {file: "${mind}"}, in: {user: heard.text}, slots: {text: {use: tokenizer, with: {file: "${mind}"}}}}
  answer:
    use: decoder.transformer
    with: {family: llama, max_tokens: "${max_tokens}", stop: ["<|im_end|>"]}
    weights: mind
    in: {tokens: ask}
    slots:
      text: {use: tokenizer, with: {file: "${mind}"}}
      sampler: {use: sampler.standard, with: {temperature: 0}}
outputs:
  question: heard.text
  answer: answer.text
)";

constexpr const char* kTranscribe = R"(motet: 1
name: transcribe
params:  {model: {type: path, help: folder in the Hugging Face layout}}
weights: {ears: "${model}"}
inputs:  {audio: audio}
stages:
  sound:   {use: audio.waveform, with: {rate: 16000, channels: 1}, in: {audio: inputs.audio}}
  encoder: {use: encoder.transformer, with: {family: moonshine.encoder}, weights: ears, in: {x: sound}}
  words:
    use: decoder.transformer
    with: {family: moonshine.decoder}
    weights: ears
    slots:
      cross_attention: {use: fusion.cross_attention, in: {memory: encoder}}
      text:            {use: tokenizer, with: {file: "${model}"}}
      sampler:         {use: sampler.standard}
outputs: {text: words.text, tokens: words.tokens}
)";

constexpr const char* kFamily = R"(family: moonshine.decoder
reads: {config: config.json}
canonical:
  layers: decoder_num_hidden_layers
  kv_heads: {key: decoder_num_key_value_heads, else: decoder_num_attention_heads}
  norm: {kind: layer, place: pre, eps: 1.0e-5, biases: false}
  tie_head: true
  stop: [eos_token_id]
weights:
  huggingface:
    self.query: "{layer}self_attn.q_proj.weight"
    feed_forward.up_and_gate: {name: "{layer}mlp.fc1.weight", split: [up, gate]}
    cross_attention.{i}.query: "{layer}encoder_attn.q_proj.weight"
)";

fs::path scratch() {
  const fs::path folder = fs::path(MOTET_BINARY_DIR) / "tests" / ("spec_scratch_" + std::to_string(::getpid()));
  fs::create_directories(folder);
  return folder;
}

}  // namespace

TEST_CASE("the zero-shot example of the design") {
  const spec::PipelineSpec p = parse(kZeroShot);
  CHECK(p.name == "zero-shot");
  CHECK(p.summary == "Scores an image against texts in one vector space.");
  REQUIRE(p.params.size() == 1);
  CHECK(p.params[0].name.text == "model");
  CHECK(p.params[0].type == spec::ParamType::path);
  CHECK(p.params[0].help == "folder in the Hugging Face layout");
  CHECK_FALSE(p.params[0].default_value);
  REQUIRE(p.weights.size() == 1);
  CHECK(p.weights[0].path.text == "${model}");
  REQUIRE(p.inputs.size() == 2);
  CHECK(p.inputs[0].type.text == "image");
  CHECK_FALSE(p.inputs[0].once);
  CHECK(p.inputs[1].type.text == "text[]");
  CHECK(p.inputs[1].once);
  REQUIRE(p.stages.size() == 4);
  CHECK(p.stages[0].name.place.text() == "p/pipeline.yaml:13:3");
  CHECK(p.stages[0].use.text == "image.preprocess");
  CHECK(p.stages[0].use.place.text() == "p/pipeline.yaml:13:24");
  CHECK(p.stages[0].in[0].references[0].is_input());
  CHECK(p.stages[0].in[0].references[0].port == "image");
  CHECK(p.stages[1].weights->from.text == "clip");
  CHECK(p.stages[2].weights->prefix.text == "v.");
  CHECK(p.stages[2].in[0].references[0].stage == "image_encoder");
  CHECK(p.stages[2].in[0].references[0].port == "pooled");
  CHECK(p.stages[3].in[1].list);
  CHECK(p.stages[3].in[1].references.size() == 2);
  CHECK(p.stages[3].in[1].references[1].place.column == 113);
  REQUIRE(p.outputs.size() == 1);
  CHECK(p.outputs[0].reference.text == "match.softmax");
}

TEST_CASE("the speech-to-chat example of the design") {
  const spec::PipelineSpec p = parse(kSpeechToChat);
  REQUIRE(p.stages.size() == 3);
  CHECK(p.stages[0].include.text == "../transcribe");
  CHECK(p.stages[0].use.empty());
  const spec::StageSpec& answer = p.stages[2];
  CHECK(answer.name.text == "answer");
  REQUIRE(answer.slots.size() == 2);
  CHECK(answer.slots[1].name.text == "sampler");
  CHECK(answer.slots[1].use.text == "sampler.standard");
  CHECK(spec::as_int(answer.slots[1].with[0].value) == 0);
  CHECK(answer.with[2].value.items[0].text == "<|im_end|>");
  CHECK(p.params[2].min == 1.0);
  CHECK(spec::as_int(*p.params[2].default_value) == 128);
}

TEST_CASE("the transcribe example of the design, and a family through the same reader") {
  const spec::PipelineSpec p = parse(kTranscribe);
  REQUIRE(p.stages.size() == 3);
  REQUIRE(p.stages[2].slots.size() == 3);
  CHECK(p.stages[2].slots[0].in[0].port.text == "memory");
  CHECK(p.stages[2].slots[0].in[0].references[0].stage == "encoder");

  base::Diagnostics diagnostics;
  const auto node = spec::parse_document(spec::check_source("f.yaml", kFamily, diagnostics), diagnostics);
  REQUIRE(node);
  CHECK(diagnostics.empty());
  CHECK(node->find("canonical")->find("kv_heads")->find("else")->text == "decoder_num_attention_heads");
  CHECK(spec::as_float(*node->find("canonical")->find("norm")->find("eps")) == 1e-5);
  CHECK(node->find("weights")->find("huggingface")->entries.back().key == "cross_attention.{i}.query");
}

TEST_CASE("short forms") {
  const spec::PipelineSpec p = parse(
      "motet: 1\nparams: {m: path}\ninputs:\nstages:\n  a: {use: x, in: b}\n"
      "  c: {use: \"plug:x\", in: [a, inputs.i], isolate: true, with: }\noutputs: {o: a}\n");
  CHECK(p.name == "p");
  CHECK(p.params[0].type == spec::ParamType::path);
  CHECK(p.stages[0].in[0].port.empty());
  CHECK_FALSE(p.stages[0].in[0].list);
  CHECK(p.stages[1].in[0].list);
  CHECK(p.stages[1].use.text == "plug:x");
  CHECK(p.stages[1].isolation.on);
  CHECK(p.stages[1].isolation.timeout == std::chrono::minutes(1));
  CHECK(p.stages[1].isolation.most_memory_bytes == 0);
  CHECK_FALSE(p.stages[0].isolation.on);
  CHECK(p.stages[1].with.empty());
}

TEST_CASE("isolation with limits, without them, and none") {
  const spec::PipelineSpec p = parse(
      "motet: 1\nstages:\n  a: {use: x, isolate: {timeout_ms: 250, memory_mb: 3}}\n  b: {use: x, isolate: {}}\n"
      "  c: {use: x, isolate: false}\noutputs: {o: a}\n");
  CHECK(p.stages[0].isolation.on);
  CHECK(p.stages[0].isolation.timeout == std::chrono::milliseconds(250));
  CHECK(p.stages[0].isolation.most_memory_bytes == 3u << 20);
  CHECK(p.stages[1].isolation.on);
  CHECK(p.stages[1].isolation.timeout == std::chrono::minutes(1));
  CHECK_FALSE(p.stages[2].isolation.on);
}

TEST_CASE("a pipeline is a file or its folder") {
  const fs::path folder = scratch() / "found";
  fs::create_directories(folder);
  std::ofstream(folder / "pipeline.yaml") << "motet: 1\nstages: {a: {use: x}}\noutputs: {a: a}\n";
  base::Diagnostics diagnostics;
  const auto by_folder = spec::load(folder, diagnostics);
  const auto by_file = spec::load(folder / "." / "pipeline.yaml", diagnostics);
  REQUIRE(by_folder);
  REQUIRE(by_file);
  CHECK(diagnostics.empty());
  CHECK(by_folder->name == "found");
  CHECK(by_folder->canonical == by_file->canonical);
  CHECK(by_folder->path == folder / "pipeline.yaml");
  CHECK(spec::resolve_path(*by_folder, "../x").string() == (scratch() / "x").string());
  CHECK(spec::resolve_path(*by_folder, "/x") == "/x");
  CHECK_THROWS_AS(spec::load(folder / "missing.yaml", diagnostics), base::Error);
  CHECK_THROWS_AS(spec::load(scratch() / "nowhere", diagnostics), base::Error);
}

TEST_CASE("references") {
  CHECK(spec::parse_reference("a")->stage == "a");
  CHECK(spec::parse_reference("a-1.b_2")->port == "b_2");
  CHECK(spec::parse_reference("inputs.x")->is_input());
  for (const char* text : {"", ".", "a.", ".a", "a.b.c", "1a", "a b", "inputs", "inputs.", "a:b", "é"}) {
    INFO(text);
    CHECK_FALSE(spec::parse_reference(text));
  }
}
