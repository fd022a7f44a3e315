// Family files and models with mistakes: what their authors are told, with the file and the key.
#include <functional>
#include <string>

#include "support/catch.hpp"
#include "support/pipeline_runner.hpp"
#include "tiny_family.hpp"

using namespace motet::test;

namespace {

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

// The mistakes of a whole model's pipeline after `spoil`.
std::string told(const Tiny& tiny, const std::string& pipeline,
                 const std::function<void(const TemporaryFolder&)>& spoil) {
  const TemporaryFolder folder;
  write_model(folder, tiny, made_weights(tiny, 3));
  const auto path = folder.write("pipeline.yaml", pipeline);
  spoil(folder);
  return mistakes(path);
}

// The same with one text of the family file replaced.
std::string told_of_family(const Tiny& tiny, const std::string& from, const std::string& to) {
  const std::string pipeline = tiny.causal ? decoder_pipeline(tiny, 4) : encoder_pipeline();
  return told(tiny, pipeline, [&](const TemporaryFolder& folder) {
    folder.write("family.yaml", replaced(family_text(tiny), from, to));
  });
}

const Tiny kEncoder = {};
const Tiny kDecoder = {.causal = true};
const Tiny kCrossing = {.causal = true, .memory = 5};
}  // namespace

TEST_CASE("whole models have no mistakes") {
  CHECK(told(kEncoder, encoder_pipeline(), [](const TemporaryFolder&) {}).empty());
  CHECK(told(kCrossing, decoder_pipeline(kCrossing, 4), [](const TemporaryFolder&) {}).empty());
}

TEST_CASE("keys of a family are checked") {
  using Catch::Contains;
  CHECK_THAT(told_of_family(kEncoder, "kv_heads:", "kv_head:"),
             Contains("canonical.kv_head is not a key of a family: did you mean 'kv_heads'?"));
  CHECK_THAT(told_of_family(kEncoder, "gated:", "gate:"),
             Contains("canonical.feed_forward.gate is not a key of a family: did you mean 'gated'?"));
  CHECK_THAT(told_of_family(kEncoder, "layers: 2", "heights: 2"), Contains("canonical.heights"));
  CHECK_THAT(told_of_family(kEncoder, "kind: layer", "kind: layers"), Contains("layers is missing"));
  CHECK_THAT(told_of_family(kEncoder, "heads: 4", "heads: 5"), Contains("share 2 key and value heads unevenly"));
  CHECK_THAT(told_of_family(kEncoder, "layers: 2", "layers: -1"), Contains("gives -1 layers"));
  CHECK_THAT(told_of_family(kEncoder, "activation: act", "activation: swosh"), Contains("activation"));
  CHECK_THAT(told_of_family(kEncoder, "eps: 1.0e-5", "eps: 0.0"), Contains("norm.eps must be above 0"));
  CHECK_THAT(told_of_family(kEncoder, "self.query:", "self.kwery:"),
             Contains("self.kwery is not a weight of a transformer"));
  CHECK_THAT(told_of_family(kEncoder, "  huggingface:", "  gguf:"), Contains("has no section huggingface"));
  CHECK_THAT(told_of_family(kEncoder, "family: tiny", "family: tiny\nrefuses: [size]"),
             Contains("size is set: family tiny cannot express it"));
  CHECK_THAT(told_of_family(kCrossing, "cross_layers: all", "cross_layers: [7]"),
             Contains("names layer 7, the model has 2"));
}

TEST_CASE("a configuration that does not fit is told with its file and key") {
  using Catch::Contains;
  const auto configured = [](const std::string& text) {
    return told(kEncoder, encoder_pipeline(),
                [&](const TemporaryFolder& folder) { folder.write("config.json", text); });
  };
  CHECK_THAT(configured("{\"act\": \"gelu\"}"),
             Contains("config.json: size is missing; family tiny reads 'width' from it"));
  CHECK_THAT(configured("{\"act\": \"gelu\", \"size\": \"big\"}"), Contains("config.json: size must be an integer"));
  CHECK_THAT(configured("{\"act\": \"sharp\", \"size\": 12}"),
             Contains("config.json: act is 'sharp': not an activation known here"));
  CHECK_THAT(configured("{\"act\": "), Contains("config.json"));
  CHECK_THAT(configured("{\"act\": \"gelu\", \"size\": 9000000000}"), Contains("gives a width of"));
  CHECK_THAT(told(kEncoder, encoder_pipeline(),
                  [](const TemporaryFolder& f) { std::filesystem::remove(f.path() / "config.json"); }),
             Contains("config.json"));
}

TEST_CASE("weights that are missing or of another shape are named") {
  using Catch::Contains;
  const auto weighed = [](const std::function<void(std::map<std::string, Matrix>&)>& change) {
    return told(kEncoder, encoder_pipeline(), [&](const TemporaryFolder& folder) {
      auto weights = made_weights(kEncoder, 3);
      change(weights);
      write_model(folder, kEncoder, weights);
    });
  };
  const std::string missing = weighed([](auto& weights) { weights.erase("1.q"); });
  CHECK_THAT(missing, Contains("weight 'net.block.1.q' is not in"));
  CHECK_THAT(missing, Contains("net.block.0.q"));  // among the nearest names
  CHECK_THAT(weighed([](auto& weights) { weights["0.up"] = zeros(10, 13); }),
             Contains("weight 'net.block.0.up' is [10, 13], wanted [10, 12]"));
  CHECK_THAT(weighed([](auto& weights) {
               weights.erase("0.n1");
               weights.erase("1.o.b");
             }),
             Contains("net.block.0.n1") && Contains("net.block.1.o.b"));  // all at once
}

TEST_CASE("stages and families that do not belong together") {
  using Catch::Contains;
  const auto nothing = [](const TemporaryFolder&) {};
  CHECK_THAT(told(kEncoder, decoder_pipeline(kEncoder, 4), nothing),
             Contains("is an encoder's (not causal): use encoder.transformer"));
  CHECK_THAT(told(kCrossing, encoder_pipeline(), nothing), Contains("that is a decoder's, use decoder.transformer"));
  CHECK_THAT(told(kCrossing, decoder_pipeline(kDecoder, 4), nothing),
             Contains("has layers that look at another sequence: fill it"));
  CHECK_THAT(told(kDecoder, decoder_pipeline(kCrossing, 4), nothing), Contains("no layer of family tiny calls it"));
  CHECK_THAT(told(kEncoder, replaced(encoder_pipeline(), "./family.yaml", "bertt"), nothing),
             Contains("there is no family 'bertt'; did you mean 'bert'?"));
  CHECK_THAT(told(kDecoder, replaced(decoder_pipeline(kDecoder, 4), "max_tokens: 4", "stop: [\"\"]"), nothing),
             Contains("holds an empty text"));
  CHECK_THAT(told(kDecoder, replaced(decoder_pipeline(kDecoder, 4), "max_tokens: 4", "stop: [x]"), nothing),
             Contains("need a tokenizer"));
  CHECK_THAT(told(kEncoder, replaced(encoder_pipeline(), "weights: model, ", ""), nothing),
             Contains("a transformer needs weights"));
}
