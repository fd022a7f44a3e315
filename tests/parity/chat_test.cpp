// SmolLM2 answers as float32 arithmetic on its dequantised weights does.
#include <atomic>

#include "parity/engine.hpp"
#include "support/catch.hpp"

using namespace motet;
using namespace motet::test;

namespace {

nlohmann::json prompts() { return golden("chat.json").at("prompts"); }

std::vector<std::int32_t> first(const nlohmann::json& list, std::size_t count) {
  std::vector<std::int32_t> out = ids(list);
  out.resize(std::min(out.size(), count));
  return out;
}

value::Ref user(const nlohmann::json& prompt) { return value::make_text(prompt.at("user")); }

Engine chat(const std::string& device, std::size_t most, const std::string& system = "") {
  Params params{{"model", smollm2()}, {"max_tokens", std::to_string(most)}};
  if (!system.empty()) params["system"] = system;  // else the template's own
  return Engine(own("chat"), params, device);
}

void expect_answer(Engine& engine, const nlohmann::json& wanted, std::size_t most) {
  INFO(wanted.at("name") << ", smallest margin " << wanted.at("min_margin"));
  const std::vector<value::Ref> results = engine.run({{"text", user(wanted)}});
  CHECK(engine.output(results, "prompt").tokens().ids == ids(wanted.at("prompt_ids")));
  CHECK(engine.output(results, "tokens").tokens().ids == first(wanted.at("tokens"), most));
  if (wanted.at("tokens").size() <= most)
    CHECK(engine.output(results, "text").text() == wanted.at("text").get<std::string>());
}

// Four chats share a batch; the second is cancelled once `after` pieces of its text have come.
void expect_three(const std::string& device, std::size_t most, int after) {
  Engine engine(shipped("chat"), {{"model", smollm2()}, {"max_tokens", std::to_string(most)}}, device);
  const nlohmann::json all = prompts();
  std::atomic<bool> cancelled = false;
  std::vector<runtime::Item> items;
  std::vector<nlohmann::json> wanted;
  for (const char* name : {"gravity", "sky", "plants", "pancakes"}) {
    wanted.push_back(entry(all, name));
    items.push_back({{{"text", user(wanted.back())}}, nullptr});
  }
  items.at(1).cancelled = &cancelled;
  int pieces = 0;
  std::vector<std::string> streamed(items.size());
  runtime::RunOptions options;
  options.on_text = [&](std::size_t item, std::size_t, std::string_view piece) {
    streamed.at(item) += piece;
    if (item == 1 && ++pieces == after) cancelled = true;
  };
  const std::vector<runtime::ItemResult> results = engine.session().run(items, options);
  REQUIRE(results.size() == items.size());
  REQUIRE(results.at(1).error);
  CHECK(results.at(1).error->kind() == base::ErrorKind::cancelled);
  CHECK(pieces == after);  // it was under way, and stopped there
  for (std::size_t i : {0, 2, 3}) {
    INFO(wanted.at(i).at("name"));
    REQUIRE_FALSE(results.at(i).error);
    CHECK(engine.output(results.at(i), "tokens").tokens().ids == first(wanted.at(i).at("tokens"), most));
    const std::string& text = engine.output(results.at(i), "text").text();
    CHECK(text == streamed.at(i));
    CHECK(wanted.at(i).at("text").get<std::string>().compare(0, text.size(), text) == 0);
  }
}

}  // namespace

TEST_CASE("chat: ids of the prompts and greedy tokens up to 64, on cpu") {
  constexpr std::size_t kMost = 64;
  Engine engine = chat("cpu", kMost);
  std::size_t long_ones = 0;
  for (const auto& prompt : prompts()) {
    if (!prompt.at("system").is_null()) continue;
    expect_answer(engine, prompt, kMost);
    long_ones += prompt.at("tokens").size() >= kMost ? 1 : 0;
  }
  CHECK(long_ones >= 6);
}

TEST_CASE("chat: a system message, on cpu") {
  const nlohmann::json wanted = entry(prompts(), "system");
  Engine engine = chat("cpu", 64, wanted.at("system"));
  expect_answer(engine, wanted, 64);
}

TEST_CASE("chat: the pipeline that Motet ships hands on the system message and the limit, on cpu") {
  const nlohmann::json wanted = entry(prompts(), "system");
  Engine engine(shipped("chat"), {{"model", smollm2()}, {"max_tokens", "5"}, {"system", wanted.at("system")}}, "cpu");
  CHECK(engine.output(engine.run({{"text", user(wanted)}}), "tokens").tokens().ids == first(wanted.at("tokens"), 5));
}

namespace {

// "The capital of France is Paris.": the text that stops it begins within one token and ends within another.
void expect_stop(const std::string& device) {
  Engine engine(own("chat_until"), {{"model", smollm2()}, {"max_tokens", "20"}}, device);
  std::string streamed;
  runtime::RunOptions options;
  options.on_text = [&](std::size_t, std::size_t, std::string_view piece) { streamed += piece; };
  const std::vector<runtime::ItemResult> results =
      engine.session().run({{{{"text", value::make_text("What is the capital of France?")}}, nullptr}}, options);
  REQUIRE_FALSE(results.front().error);
  CHECK(engine.output(results.front(), "text").text() == "The capi");
  CHECK(streamed == "The capi");  // what might have begun the text was held back
  CHECK(engine.output(results.front(), "tokens").tokens().ids.size() == 4);  // "The", " capital", " of", " France"
}

}  // namespace

TEST_CASE("chat: a text that stops it, across tokens, on cpu") { expect_stop("cpu"); }
TEST_CASE("chat: a text that stops it, across tokens, on vulkan") { expect_stop("vulkan"); }

TEST_CASE("chat: 8 tokens of each prompt, on vulkan") {
  constexpr std::size_t kMost = 8;
  Engine engine = chat("vulkan", kMost);
  for (const auto& prompt : prompts()) {
    if (prompt.at("system").is_null()) expect_answer(engine, prompt, kMost);
  }
}

TEST_CASE("chat: one of four in a batch is cancelled, the others are what they are alone, on cpu") {
  expect_three("cpu", 48, 20);
}
TEST_CASE("chat: one of four in a batch is cancelled, the others are what they are alone, on vulkan") {
  expect_three("vulkan", 6, 3);
}
