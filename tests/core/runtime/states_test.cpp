// States of every kind from a plugin's build to its tokens, on every device of this machine.
#include "device/device.hpp"
#include "runtime/session.hpp"
#include "support/catch.hpp"
#include "support/little/little.hpp"

using namespace motet;

namespace {

using Ids = std::vector<std::int32_t>;

graph::Graph resolve(const std::string& stage, const plugin::Registry& registry, const std::string& params = "") {
  return little::resolve("states",
                         "motet: 1\nname: states\ninputs: {prompt: tokens}\nstages:\n  words: {use: " + stage +
                             ", in: {tokens: inputs.prompt}" + params + "}\noutputs: {tokens: words.tokens}\n",
                         registry);
}

plugin::Registry registry() {
  return plugin::Registry::scan({std::filesystem::path(MOTET_BINARY_DIR) / "tests" / "states_plugins"});
}

runtime::Item item(Ids prompt) {
  value::Tokens made;
  made.ids = std::move(prompt);
  runtime::Item out;
  out.inputs["prompt"] = value::make_tokens(std::move(made));
  return out;
}

// What the plugin's decoders answer.
Ids answer(const std::string& stage, Ids history) {
  const std::size_t prompt = history.size();
  const std::size_t most = std::min<std::size_t>(prompt + 20, 2000);
  while (history.size() < most) {
    std::int32_t sum = 0, last = 0, count = 0;
    for (const std::int32_t id : history) sum += id;
    for (std::size_t i = history.size(); i > 0 && count < 3; --i, ++count) last += history[i - 1];
    const std::int32_t other = stage == "states.fold" ? sum % 11 : 7;
    history.push_back((other + last / count) % 15);
  }
  return {history.begin() + static_cast<std::ptrdiff_t>(prompt), history.end()};
}

Ids some_tokens(std::size_t count, std::uint32_t seed) {
  Ids out;
  for (std::size_t i = 0; i < count; ++i) {
    seed = seed * 1664525u + 1013904223u;
    out.push_back(static_cast<std::int32_t>((seed >> 16) % 15));
  }
  return out;
}

template <class Body>
void on_every_device(Body body) {
  device::DeviceOptions options;
  int devices = 0;
  for (const device::DeviceInfo& info : device::list_devices()) {
    if (!info.problem.empty()) continue;
    ++devices;
    options.name = info.name;
    options.threads = 2;
    INFO("on " << info.name);
    const auto device = device::open_device(options);
    body(*device);
  }
  if (devices < 2) FAIL("no Vulkan device: ./dev setup installs a driver (mesa-vulkan-drivers)");
}

// The cpu, with memory for `left` more allocations.
class Scarce final : public device::Device {
 public:
  const plan::Traits& traits() const override { return device_->traits(); }
  std::unique_ptr<device::Buffer> allocate(std::uint64_t size_bytes) override {
    if (left == 0) base::fail(base::ErrorKind::environment, "no memory is left");
    --left;
    return device_->allocate(size_bytes);
  }
  std::unique_ptr<device::Buffer> constant(std::span<const std::byte> bytes) override {
    return device_->constant(bytes);
  }
  void upload(device::Buffer& to, std::uint64_t offset, std::span<const std::byte> bytes) override {
    device_->upload(to, offset, bytes);
  }
  void download(const device::Buffer& from, std::uint64_t offset, std::span<std::byte> bytes) override {
    device_->download(from, offset, bytes);
  }
  void copy(const device::Buffer& from, device::Buffer& to, const CopyShape& shape) override {
    device_->copy(from, to, shape);
  }
  std::unique_ptr<device::Executable> prepare(const plan::Plan& plan, const device::Bindings& bindings) override {
    return device_->prepare(plan, bindings);
  }
  device::Counters counters() const override { return device_->counters(); }

  std::size_t left = 0;

 private:
  std::unique_ptr<device::Device> device_ = device::open_device({"cpu", 1});
};

}  // namespace

TEST_CASE("states that are replaced and states of a window: each sequence has its own, and begins with none") {
  const plugin::Registry plugins = registry();
  for (const std::string stage : {"states.fold", "states.recent"}) {
    INFO(stage);
    const graph::Graph graph = resolve(stage, plugins);
    on_every_device([&](device::Device& device) {
      runtime::SessionOptions options;
      options.most_rows = 4;
      runtime::Session session(graph, device, options);
      std::vector<runtime::Item> items;
      std::vector<Ids> prompts;
      for (std::uint32_t i = 0; i < 11; ++i) {  // more than rows: a row is used again after others
        prompts.push_back(some_tokens(1 + i * 5 % 13, i));
        items.push_back(item(prompts.back()));
      }
      const auto results = session.run(items);
      for (std::size_t i = 0; i < items.size(); ++i) {
        REQUIRE_FALSE(results[i].error);
        CHECK(results[i].outputs[0]->tokens().ids == answer(stage, prompts[i]));
      }
    });
  }
}

TEST_CASE("a window slides over a sequence far longer than what is kept of it") {
  const plugin::Registry plugins = registry();
  for (const std::string stage : {"states.recent", "states.fold"}) {
    INFO(stage);
    const graph::Graph graph = resolve(stage, plugins);
    on_every_device([&](device::Device& device) {
      runtime::Session session(graph, device);
      // 576 positions are kept: the last prompts wrap around twice and three times.
      const std::vector<std::size_t> sizes =
          stage == "states.fold" ? std::vector<std::size_t>{600} : std::vector<std::size_t>{250, 570, 1300, 1990};
      std::vector<runtime::Item> items;
      for (const std::size_t size : sizes) items.push_back(item(some_tokens(size, 9)));
      const auto results = session.run(items);
      for (std::size_t i = 0; i < sizes.size(); ++i) {
        INFO(sizes[i] << " tokens");
        REQUIRE_FALSE(results[i].error);
        CHECK(results[i].outputs[0]->tokens().ids == answer(stage, some_tokens(sizes[i], 9)));
      }
    });
  }
}

TEST_CASE("a state used against its kind is refused, with its name") {
  const plugin::Registry plugins = registry();
  const auto message = [&](const std::string& mistake) -> std::string {
    const graph::Graph graph = resolve("states.mistaken", plugins, ", with: {mistake: " + mistake + "}");
    device::DeviceOptions cpu;
    cpu.name = "cpu";
    const auto device = device::open_device(cpu);
    runtime::Session session(graph, *device);
    const auto results = session.run({item({1, 2})});
    return results[0].error ? results[0].error->what() : "";
  };
  CHECK(message("sizes") == "stage 'words': state 'a': a state of kind window wants {tokens, heads, head size}");
  CHECK(message("nothing") == "stage 'words': state 'a': a state's sizes must be 1 to 16777216, one is 0");
  CHECK(message("vast") == "stage 'words': state 'a': a state of more than 2^32 elements a row");
  CHECK(message("twice") == "stage 'words': state 'a': it was asked for before, of another kind or size");
  CHECK(message("replaced") ==
        "stage 'words': attention: state 'words.a' is of kind replace, which state_read and state_write take");
  CHECK(message("appended") ==
        "stage 'words': state_read: state 'words.a' is of tokens, which attention takes as its past");
  CHECK(message("narrow") == "stage 'words': attention: a window of 4 tokens over state 'words.a', which keeps 3");
  CHECK(message("tensor") == "stage 'words': state_read: operand state must be a state");
  CHECK(message("sum") ==
        "stage 'words': binary: state 'words.a' is of kind replace, which state_read and state_write take");
}

TEST_CASE("where memory runs out as states grow, the next run finds them whole") {
  const plugin::Registry plugins = registry();
  const graph::Graph graph = resolve("states.fold", plugins);
  const Ids prompt = some_tokens(600, 5);
  const Ids wanted = answer("states.fold", prompt);
  Scarce device;
  device.left = 1000;
  runtime::Session(graph, device).run({item(prompt)});
  const std::size_t all = 1000 - device.left;
  REQUIRE(all >= 4);  // both states, one of them twice at least, and the arena
  for (std::size_t enough = 0; enough < all; ++enough) {
    INFO(enough << " of " << all << " allocations");
    runtime::Session session(graph, device);
    device.left = enough;
    CHECK_THROWS_WITH(session.run({item(prompt)}), Catch::Contains("no memory is left"));
    device.left = 1000;
    const auto results = session.run({item(prompt)});
    REQUIRE_FALSE(results[0].error);
    CHECK(results[0].outputs[0]->tokens().ids == wanted);
  }
}
