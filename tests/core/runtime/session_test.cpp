#include "runtime/session.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>

#include "device/cpu/cpu_device.hpp"
#include "support/catch.hpp"
#include "support/little/little.hpp"

using namespace motet;

namespace {

value::Ref tokens(std::vector<std::int32_t> ids) {
  value::Tokens made;
  made.ids = std::move(ids);
  return value::make_tokens(std::move(made));
}

runtime::Item item(std::string text, std::vector<std::int32_t> prompt) {
  runtime::Item out;
  out.inputs["text"] = value::make_text(std::move(text));
  out.inputs["prompt"] = tokens(std::move(prompt));
  return out;
}

std::vector<std::int32_t> counting(std::int32_t from) {
  std::vector<std::int32_t> out;
  for (std::int32_t id = from + 1; id < 9; ++id) out.push_back(id);
  return out;
}

constexpr const char* kUpper = R"(motet: 1
name: upper
inputs: {text: text}
stages:
  upper: {use: little.upper, in: inputs.text}
outputs: {text: upper}
)";

float mean(const std::string& text) {
  float sum = 0;
  for (char c : text) sum += static_cast<float>(c);
  return sum / static_cast<float>(text.size());
}

}  // namespace

TEST_CASE("items share steps, and each gets what it would get alone") {
  const plugin::Registry registry = little::registry();
  const graph::Graph graph = little::resolve("counting", little::kCounting, registry);
  const auto device = device::cpu::open_cpu(2);
  runtime::Session session(graph, *device);
  std::vector<runtime::Item> items;
  std::vector<std::string> texts;
  for (int i = 0; i < 21; ++i) {  // more than rows: sequences join as others leave
    texts.push_back(std::string(1 + static_cast<std::size_t>(i * 7 % 90), static_cast<char>('a' + i)));
    items.push_back(item(texts.back(), {3, i % 8}));
  }
  const std::vector<runtime::ItemResult> results = session.run(items);
  REQUIRE(results.size() == items.size());
  for (int i = 0; i < 21; ++i) {
    const runtime::ItemResult& result = results[static_cast<std::size_t>(i)];
    REQUIRE_FALSE(result.error);
    CHECK(result.outputs[0]->tokens().ids == counting(i % 8));
    CHECK(result.outputs[1]->tensor().as<float>()[0] == Catch::Approx(mean(texts[static_cast<std::size_t>(i)])));
  }
}

TEST_CASE(
    "what fills a tensor stage's slot takes inputs of its own: the pipeline's, and a stage's of the same island") {
  const plugin::Registry registry = little::registry();
  const graph::Graph graph = little::resolve("around", R"(motet: 1
name: around
inputs: {text: text, each: {type: "f32[S, 2]"}}
stages:
  codes:   {use: little.codes, in: {text: inputs.text}}
  encoder: {use: little.encode, in: {x: codes}}
  around:
    use: little.around
    in: {x: encoder.hidden}
    slots:
      inside: {use: little.add, in: {each: inputs.each, every: encoder.pooled}}
outputs: {y: around}
)",
                                             registry);
  const auto device = device::cpu::open_cpu(2);
  runtime::Session session(graph, *device);
  runtime::Item one;
  one.inputs["text"] = value::make_text("ad");  // 97 and 100, their mean 98.5
  tensor::HostTensor each(tensor::DType::f32, {2, 2});
  const std::array<float, 4> added = {0.5f, 1, 2, 4};
  std::copy(added.begin(), added.end(), each.as<float>().begin());
  one.inputs["each"] = value::make_tensor(std::move(each));
  const runtime::ItemResult result = session.run({one}).front();
  REQUIRE_FALSE(result.error);
  const auto y = result.outputs[0]->tensor().as<float>();
  CHECK(std::vector<float>(y.begin(), y.end()) == std::vector<float>{196, 100.5f, 200.5f, 103.5f});
}

TEST_CASE("of many items, one bad one fails alone") {
  const plugin::Registry registry = little::registry();
  const graph::Graph graph = little::resolve("upper", kUpper, registry);
  const auto device = device::cpu::open_cpu(1);
  runtime::Session session(graph, *device);
  std::vector<runtime::Item> items(3);
  items[0].inputs["text"] = value::make_text("one");
  items[1].inputs["text"] = value::make_text("a bad one");
  items[2].inputs["text"] = value::make_text("three");
  const auto results = session.run(items);
  CHECK(results[0].outputs[0]->text() == "ONE");
  REQUIRE(results[1].error);
  CHECK(results[1].error->kind() == base::ErrorKind::item);
  CHECK(std::string(results[1].error->what()).find("the text is bad") != std::string::npos);
  CHECK(results[2].outputs[0]->text() == "THREE");
}

TEST_CASE("a prompt is refused that is empty, too long, or of another vocabulary") {
  const plugin::Registry registry = little::registry();
  const graph::Graph graph = little::resolve("counting", little::kCounting, registry);
  const auto device = device::cpu::open_cpu(1);
  runtime::Session session(graph, *device);
  const auto results = session.run(
      {item("x", {}), item("x", std::vector<std::int32_t>(600, 3)), item("x", {16}), item("x", {-1}), item("x", {7})});
  const auto message = [&](std::size_t i) {
    return results[i].error ? std::string(results[i].error->what()) : std::string();
  };
  CHECK(message(0) == "stage 'words': the prompt is empty");
  CHECK(message(1) == "stage 'words': the prompt has 600 tokens, the model takes at most 600 with its answer");
  CHECK(message(2) == "stage 'words': token 16 is outside the model's vocabulary of 16");
  CHECK(message(3) == "stage 'words': token -1 is outside the model's vocabulary of 16");
  REQUIRE_FALSE(results[4].error);
  CHECK(results[4].outputs[0]->tokens().ids == std::vector<std::int32_t>{8});
}

TEST_CASE("a long prompt is read in several steps, and states grow under it") {
  const plugin::Registry registry = little::registry();
  const graph::Graph graph = little::resolve("counting", little::kCounting, registry);
  const auto device = device::cpu::open_cpu(2);
  runtime::Session session(graph, *device);
  std::vector<std::int32_t> prompt(590, 2);
  prompt.back() = 4;
  const auto results = session.run({item("abc", prompt), item("abc", {2})});
  REQUIRE_FALSE(results[0].error);
  CHECK(results[0].outputs[0]->tokens().ids == counting(4));
  CHECK(results[1].outputs[0]->tokens().ids == counting(2));
}

TEST_CASE("one sequence cancelled leaves the others alone, all cancelled ends the run") {
  const plugin::Registry registry = little::registry();
  const graph::Graph graph = little::resolve("counting", little::kCounting, registry);
  const auto device = device::cpu::open_cpu(1);
  runtime::Session session(graph, *device);
  std::atomic<bool> cancelled = true;
  std::vector<runtime::Item> items{item("x", {1}), item("x", {1}), item("x", {1})};
  items[1].cancelled = &cancelled;
  const auto results = session.run(items);
  CHECK(results[0].outputs[0]->tokens().ids == counting(1));
  REQUIRE(results[1].error);
  CHECK(results[1].error->kind() == base::ErrorKind::cancelled);
  CHECK(results[2].outputs[0]->tokens().ids == counting(1));
  runtime::RunOptions options;
  options.cancelled = &cancelled;
  CHECK_THROWS_AS(session.run({item("x", {1})}, options), base::Error);
}

TEST_CASE("an item cancelled in its host stage ends alone, and all cancelled ends it too") {
  const plugin::Registry registry = little::registry();
  const graph::Graph graph = little::resolve("upper", kUpper, registry);
  const auto device = device::cpu::open_cpu(1);
  for (const bool all : {false, true}) {
    runtime::SessionOptions settings;
    settings.threads = 2;
    runtime::Session session(graph, *device, settings);
    std::atomic<bool> run = false;
    std::atomic<bool> item = false;
    std::vector<runtime::Item> items(40);
    for (runtime::Item& one : items) one.inputs["text"] = value::make_text("one");
    items[7].inputs["text"] = value::make_text("patience");
    items[7].cancelled = &item;
    runtime::RunOptions options;
    options.cancelled = &run;
    std::thread canceller([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(30));
      (all ? run : item) = true;
    });
    if (all) {
      CHECK_THROWS_WITH(session.run(items, options), Catch::Contains("cancelled"));
    } else {
      const auto results = session.run(items, options);
      for (std::size_t i = 0; i < items.size(); ++i) {
        if (i != 7) CHECK(results[i].outputs[0]->text() == "ONE");
      }
      REQUIRE(results[7].error);
      CHECK(results[7].error->kind() == base::ErrorKind::cancelled);
    }
    canceller.join();
  }
}

TEST_CASE("what is once is computed once, and anew for an item that gives something else") {
  const plugin::Registry registry = little::registry();
  const graph::Graph graph = little::resolve("once", R"(motet: 1
name: once
inputs: {labels: {type: "text[]", once: true}}
stages:
  upper: {use: little.upper, in: inputs.labels}
  codes: {use: little.codes, in: upper}
  encoder: {use: little.encode, in: codes}
outputs: {texts: upper, pooled: encoder.pooled}
)",
                                             registry);
  const auto device = device::cpu::open_cpu(1);
  runtime::Session session(graph, *device);
  const auto labels = [](std::initializer_list<const char*> texts) {
    value::List list;
    for (const char* text : texts) list.push_back(value::make_text(text));
    runtime::Item out;
    out.inputs["labels"] = value::make_list(std::move(list));
    return out;
  };
  const auto results = session.run({labels({"a", "bcd"}), labels({"a", "bcd"}), labels({"x"})});
  CHECK(session.timings().stages.at("upper").calls == 2);
  REQUIRE(results[1].outputs[0]->list().size() == 2);
  CHECK(results[1].outputs[0]->list()[1]->text() == "BCD");
  CHECK(results[1].outputs[1]->list()[1]->tensor().as<float>()[0] == Catch::Approx(mean("BCD")));
  CHECK(results[2].outputs[0]->list().front()->text() == "X");
}
