// Moonshine hears what the reference hears.
#include <cmath>
#include <fstream>
#include <numeric>

#include "parity/engine.hpp"
#include "parity/recordings.hpp"
#include "support/catch.hpp"
#include "support/npy.hpp"
#include "support/temporary_folder.hpp"

using namespace motet;
using namespace motet::test;

namespace {

constexpr double kCosine = 0.99999;

nlohmann::json recipe(const std::string& name) { return entry(golden("transcribe.json").at("recordings"), name); }

value::Ref recording(const nlohmann::json& wanted) {
  const std::vector<std::int16_t> samples = build_recording(read_speech(), wanted);
  REQUIRE(checksum(samples) == wanted.at("checksum").get<std::string>());
  return as_audio(samples);
}

void expect_transcript(Engine& engine, const value::Ref& audio, const nlohmann::json& wanted) {
  const std::vector<value::Ref> results = engine.run({{"audio", audio}});
  CHECK(engine.output(results, "tokens").tokens().ids == ids(wanted.at("tokens")));
  CHECK(engine.output(results, "text").text() == wanted.at("text").get<std::string>());
}

void expect_speech(const std::string& device) {
  Engine engine(shipped("transcribe"), {{"model", model("moonshine-tiny")}}, device);
  const nlohmann::json wanted = golden("transcribe.json").at("jfk");
  REQUIRE(checksum(read_speech()) == wanted.at("checksum").get<std::string>());
  expect_transcript(
      engine, value::make_audio_file(std::filesystem::path(MOTET_SOURCE_DIR) / "pipelines/transcribe/jfk.wav"), wanted);
}

// `wanted`: f32 [positions, width], every `stride`-th position of the encoder's output.
void expect_hidden(Engine& engine, const value::Ref& audio, const Array& wanted, std::size_t stride = 1) {
  const std::vector<value::Ref> results = engine.run({{"audio", audio}});
  const tensor::HostTensor& found = engine.output(results, "hidden").tensor();
  const std::size_t width = wanted.shape.at(1);
  REQUIRE(static_cast<std::size_t>(found.shape()[found.shape().rank() - 1]) == width);
  const std::span<const float> values = found.as<float>();
  REQUIRE((values.size() / width + stride - 1) / stride == wanted.shape.at(0));
  double worst = 1;
  for (std::size_t i = 0; i < wanted.shape.at(0); ++i) {
    const double near = cosine(values.subspan(i * stride * width, width), wanted.row(i));
    worst = near >= worst ? worst : near;
  }
  INFO("the worst of " << wanted.shape.at(0) << " positions");
  CHECK(worst >= kCosine);
}

std::vector<float> read_floats(const std::filesystem::path& path) {
  std::vector<float> out(std::filesystem::file_size(path) / sizeof(float));
  std::ifstream(path, std::ios::binary)
      .read(reinterpret_cast<char*>(out.data()), static_cast<std::streamsize>(out.size() * sizeof(float)));
  return out;
}

}  // namespace

TEST_CASE("transcribe: jfk.wav to the reference's words and tokens, on cpu") { expect_speech("cpu"); }
TEST_CASE("transcribe: jfk.wav to the reference's words and tokens, on vulkan") { expect_speech("vulkan"); }

TEST_CASE("transcribe: the encoder's output at every position, on cpu") {
  Engine engine(own("hear"), {{"model", model("moonshine-tiny")}}, "cpu");
  SECTION("jfk.wav") { expect_hidden(engine, as_audio(read_speech()), read_npy(golden_path("jfk_encoder.npy"))); }
  SECTION("40 s") { expect_hidden(engine, recording(recipe("forty")), read_npy(golden_path("forty_encoder.npy")), 16); }
  SECTION("0.3 s") { expect_hidden(engine, recording(recipe("short")), read_npy(golden_path("short_encoder.npy"))); }
}

TEST_CASE("transcribe: the encoder's output at every position, on vulkan") {
  Engine engine(own("hear"), {{"model", model("moonshine-tiny")}}, "vulkan");
  expect_hidden(engine, as_audio(read_speech()), read_npy(golden_path("jfk_encoder.npy")));
  expect_hidden(engine, recording(recipe("short")), read_npy(golden_path("short_encoder.npy")));
}

TEST_CASE("transcribe: recordings cut, joined, noisy, quiet, loud, silent, short and long, on cpu") {
  Engine engine(shipped("transcribe"), {{"model", model("moonshine-tiny")}}, "cpu");
  const nlohmann::json recordings = golden("transcribe.json").at("recordings");
  REQUIRE(recordings.size() >= 10);
  std::size_t long_ones = 0;
  for (const auto& wanted : recordings) {
    INFO(wanted.at("name") << ", smallest margin " << wanted.at("min_margin"));
    expect_transcript(engine, recording(wanted), wanted);
    long_ones += wanted.at("tokens").size() >= 20 ? 1 : 0;
  }
  CHECK(long_ones >= 6);
}

TEST_CASE("transcribe: a cut recording, on vulkan") {
  Engine engine(shipped("transcribe"), {{"model", model("moonshine-tiny")}}, "vulkan");
  const nlohmann::json wanted = recipe("first-half");
  expect_transcript(engine, recording(wanted), wanted);
}

TEST_CASE("transcribe: logits of 64 greedy steps of a 40 s recording, on cpu") {
  constexpr double kLogits = 1e-3;
  const TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "logits";
  Engine engine(own("transcribe-logits"), {{"model", model("moonshine-tiny")}, {"file", file}, {"steps", "64"}}, "cpu");
  engine.run({{"audio", recording(recipe("forty"))}});

  const nlohmann::json wanted = golden("forty_logits.json");
  const Array kept = read_npy(golden_path("forty_logits.npy"));
  const std::size_t steps = kept.shape.at(0);
  const auto stride = wanted.at("stride").get<std::size_t>();
  const std::size_t vocabulary = kept.shape.at(1) * stride;
  const std::vector<float> logits = read_floats(file);
  REQUIRE(logits.size() == steps * vocabulary);
  double worst = 0;
  for (std::size_t s = 0; s < steps; ++s) {
    const std::span<const float> row = std::span<const float>(logits).subspan(s * vocabulary, vocabulary);
    std::vector<float> found;
    for (std::size_t token = s % stride; token < vocabulary; token += stride) found.push_back(row[token]);
    const double difference = largest_difference(found, kept.row(s));
    worst = difference <= worst ? worst : difference;

    INFO("step " << s);
    const nlohmann::json& whole = wanted.at("steps").at(s);
    const auto largest = std::max_element(row.begin(), row.end());
    CHECK(largest - row.begin() == whole.at("argmax").get<std::ptrdiff_t>());
    CHECK(std::fabs(*largest - whole.at("max").get<double>()) <= kLogits);
    CHECK(std::fabs(*std::min_element(row.begin(), row.end()) - whole.at("min").get<double>()) <= kLogits);
    const double mean = std::accumulate(row.begin(), row.end(), 0.0) / static_cast<double>(vocabulary);
    CHECK(std::fabs(mean - whole.at("mean").get<double>()) <= kLogits);
    double sum = 0;
    for (float logit : row) sum += std::exp(static_cast<double>(logit) - *largest);
    CHECK(std::fabs(*largest + std::log(sum) - whole.at("logsumexp").get<double>()) <= kLogits);
  }
  CHECK(worst <= kLogits);
}
