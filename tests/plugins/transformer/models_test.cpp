// Transformers of every kind that a family file can say, against the same model computed in double precision.
#include <cmath>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/pipeline_runner.hpp"
#include "tiny_family.hpp"

using namespace motet::test;
namespace value = motet::value;

namespace {

using Ids = std::vector<std::int32_t>;

void compare(const value::Ref& got, const Matrix& wanted) {
  const auto& tensor = got->tensor();
  REQUIRE(tensor.shape() == motet::tensor::Shape{wanted.rows, wanted.columns});
  double error = 0, size = 0;
  for (std::size_t i = 0; i < wanted.data.size(); ++i) {
    error += std::pow(static_cast<double>(tensor.as<float>()[i]) - wanted.data[i], 2);
    size += wanted.data[i] * wanted.data[i];
  }
  CHECK(error / size < 1e-11);
}

// Root mean square norms, gated, no biases but those asked for, halves turned: what Llama began.
Tiny gated() {
  return {.rms = true,
          .gated = true,
          .norm_bias = false,
          .in_bias = false,
          .out_bias = false,
          .feed_bias = false,
          .activation = "silu",
          .position = "halves"};
}

// Encoders: three sequences of different length in one batch, each as if alone; pooled is the mean of what counts.
void check_encoder(const Tiny& tiny) {
  const TemporaryFolder folder;
  const auto weights = made_weights(tiny, 11);
  write_model(folder, tiny, weights);
  PipelineRunner runner(folder.write("pipeline.yaml", encoder_pipeline()));
  const std::vector<Ids> texts = {{3, 1, 4, 1, 5}, {9}, {2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2}};
  std::vector<PipelineRunner::Inputs> items;
  for (const Ids& ids : texts) items.push_back({{"ids", tokens_value(ids)}});
  auto results = runner.run(items);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const Matrix wanted = hidden(tiny, weights, texts[i]);
    compare(results[i].at("hidden"), wanted);
    const auto pooled = results[i].at("pooled")->tensor().as<float>();
    for (int j = 0; j < tiny.width; ++j) {
      double mean = 0;
      for (std::int64_t t = 0; t < wanted.rows; ++t) mean += wanted.at(t, j) / static_cast<double>(wanted.rows);
      CHECK(static_cast<double>(pooled[static_cast<std::size_t>(j)]) == Catch::Approx(mean).margin(1e-5));
    }
  }
}

void check_decoder(const Tiny& tiny) {
  constexpr int kCount = 12;
  const TemporaryFolder folder;
  const auto weights = made_weights(tiny, 5);
  write_model(folder, tiny, weights);
  PipelineRunner runner(folder.write("pipeline.yaml", decoder_pipeline(tiny, kCount)));
  const std::vector<Ids> prompts = {{7, 2, 11}, {1}, {20, 19, 18, 17, 16, 15}};
  std::vector<PipelineRunner::Inputs> items;
  std::vector<Matrix> memories;
  for (std::size_t i = 0; i < prompts.size(); ++i) {
    PipelineRunner::Inputs inputs = {{"ids", tokens_value(prompts[i])}};
    Matrix memory = zeros(static_cast<std::int64_t>(3 + 2 * i), tiny.memory);
    std::vector<float> single;
    for (std::size_t k = 0; k < memory.data.size(); ++k) {
      single.push_back(static_cast<float>(std::sin(static_cast<double>(k + 7 * i))));
      memory.data[k] = static_cast<double>(single.back());
    }
    if (tiny.memory > 0) inputs["memory"] = tensor_value(single, {memory.rows, memory.columns});
    items.push_back(std::move(inputs));
    memories.push_back(std::move(memory));
  }
  auto results = runner.run(items);
  for (std::size_t i = 0; i < prompts.size(); ++i) {
    INFO("sequence " << i);
    CHECK(results[i].at("tokens")->tokens().ids == greedy(tiny, weights, prompts[i], kCount, memories[i]));
  }
}
}  // namespace

TEST_CASE("encoders of many kinds compute what they should") {
  SECTION("as BERT: norm after, learned positions, all biases") {
    check_encoder({.kv_heads = 4, .post = true, .final_norm = false, .embedding_norm = true, .position = "learned"});
  }
  SECTION("norm before, turned halves, shared key heads, gated") { check_encoder(gated()); }
  SECTION("turned pairs, but not all of a head") {
    check_encoder({.kv_heads = 1, .position = "interleaved", .turned = 2});
  }
  SECTION("no positions, heads wider than the model") {
    check_encoder({.width = 8, .heads = 2, .kv_heads = 1, .head_dim = 8, .position = "none"});
  }
  SECTION("causal encoder, as CLIP reads text") { check_encoder({.causal = true, .position = "learned"}); }
}

TEST_CASE("decoders of many kinds write what they should") {
  Tiny tiny = gated();
  tiny.causal = true;
  SECTION("as Llama") {
    tiny.own_head = true;
    check_decoder(tiny);
  }
  SECTION("as Qwen2: biases of query, key and value, tied head") {
    tiny.in_bias = true;
    check_decoder(tiny);
  }
  SECTION("as GPT-2: learned positions, norms and layers with biases") {
    check_decoder({.kv_heads = 4, .causal = true, .activation = "gelu_tanh", .position = "learned"});
  }
  SECTION("looking at a memory of its own width and length") {
    check_decoder({.causal = true, .activation = "silu", .position = "interleaved", .turned = 2, .memory = 7});
  }
  SECTION("looking at a memory, root mean square norms, no biases") {
    tiny.kv_heads = 1;
    tiny.activation = "gelu";
    tiny.memory = 12;
    check_decoder(tiny);
  }
}
