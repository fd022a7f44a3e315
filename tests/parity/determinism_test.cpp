// One thread or two: the same bits.
#include "parity/engine.hpp"
#include "parity/recordings.hpp"
#include "support/catch.hpp"

using namespace motet;
using namespace motet::test;

namespace {

std::vector<float> floats(const value::Value& value) {
  const std::span<const float> all = value.tensor().as<float>();
  return {all.begin(), all.end()};
}

std::ptrdiff_t running_threads() {
  const std::filesystem::directory_iterator tasks("/proc/self/task");
  return std::distance(std::filesystem::begin(tasks), std::filesystem::end(tasks));
}

}  // namespace

TEST_CASE("determinism: an encoder's output with one thread and two") {
  std::vector<std::vector<float>> found;
  std::vector<std::ptrdiff_t> running;
  for (int threads : {1, 2}) {
    Engine engine(own("hear"), {{"model", model("moonshine-tiny")}}, "cpu", threads);
    found.push_back(floats(engine.output(engine.run({{"audio", as_audio(read_speech())}}), "hidden")));
    running.push_back(running_threads());
  }
  CHECK(found.at(0) == found.at(1));
  CHECK(running.at(0) + 1 == running.at(1));  // there were two
}

TEST_CASE("determinism: sentence vectors with one thread and two") {
  const nlohmann::json texts = golden("embed.json").at("texts");
  std::vector<std::vector<std::vector<float>>> found;
  for (int threads : {1, 2}) {
    Engine engine(shipped("embed-text"), {{"model", model("minilm")}}, "cpu", threads);
    found.emplace_back();
    for (const auto& text : texts) {
      const std::vector<value::Ref> results = engine.run({{"text", value::make_text(text.at("text"))}});
      found.back().push_back(floats(engine.output(results, "embedding")));
    }
  }
  CHECK(found.at(0) == found.at(1));
}

TEST_CASE("determinism: tokens with one thread and two") {
  const auto tokens_of = [](int threads) {
    std::vector<std::vector<std::int32_t>> out;
    Engine ears(shipped("transcribe"), {{"model", model("moonshine-tiny")}}, "cpu", threads);
    out.push_back(ears.output(ears.run({{"audio", as_audio(read_speech())}}), "tokens").tokens().ids);
    Engine mind(shipped("chat"), {{"model", smollm2()}, {"max_tokens", "32"}}, "cpu", threads);
    out.push_back(
        mind.output(mind.run({{"text", value::make_text("How do plants make food?")}}), "tokens").tokens().ids);
    // Drawn at random, where a logit's last bit may decide.
    Engine bold(shipped("chat"), {{"model", smollm2()}, {"max_tokens", "32"}, {"temperature", "1.5"}, {"seed", "7"}},
                "cpu", threads);
    out.push_back(
        bold.output(bold.run({{"text", value::make_text("How do plants make food?")}}), "tokens").tokens().ids);
    return out;
  };
  const auto one = tokens_of(1);
  CHECK(one.at(1) != one.at(2));
  CHECK(one == tokens_of(2));
}
