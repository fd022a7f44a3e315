// What the engine itself costs, and what this machine could do at most. One line of JSON:
//   chain_items_per_s  items of 1 MiB through ten stages that hand them on
//   equal_stages       rate of three stages that each wait 1 ms for an item (as for a file or a network), as a part of
//                      one such stage's rate: 1 where they run at the same time
//   equal_computing    the same of three stages that compute for as long; on two processors 2/3 at most
//   isolated_pass_us   what a stage that hands an item of 1 MiB on costs more in a process of its own, an item after
//   the
//                      other; also _1k and _16m for items of 1 KiB and 16 MiB, _idle where the process has slept before
//   isolated_make_us   the same of a stage that makes a tensor as large
//   sgemm_gflops       float32 products of (457, 1152, 288) by oneDNN on two threads
//   read_gb_per_s      reading memory once, two threads
#include <oneapi/dnnl/dnnl.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include "device/device.hpp"
#include "graph/graph.hpp"
#include "runtime/session.hpp"

extern "C" void omp_set_num_threads(int threads);

namespace motet::bench {
namespace {
namespace fs = std::filesystem;

constexpr int kThreads = 2;

class Watch {
 public:
  double s() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count(); }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

graph::Graph pipeline(const plugin::Registry& registry, const std::string& name) {
  return graph::resolve(fs::path(MOTET_SOURCE_DIR) / "tests/bench/pipelines" / (name + ".yaml"), {}, registry,
                        {.worker = fs::path(MOTET_BINARY_DIR) / "bin/motet"});
}

// Items a second of a pipeline of tests/bench/pipelines, each item the same `bytes`.
double rate(const plugin::Registry& registry, const std::string& name, std::size_t bytes, std::size_t count) {
  const graph::Graph graph = pipeline(registry, name);
  const std::unique_ptr<device::Device> device = device::open_device({"cpu", kThreads});
  runtime::Session session(graph, *device);
  std::vector<value::Ref> values;
  for (int i = 0; i < 64; ++i) {
    values.push_back(
        value::make_tensor(tensor::HostTensor(tensor::DType::f32, {static_cast<std::int64_t>(bytes / sizeof(float))})));
  }
  std::vector<runtime::Item> items;
  for (std::size_t i = 0; i < count; ++i) items.push_back({{{"x", values[i % values.size()]}}, nullptr});
  session.run({items.begin(), items.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(count, 64))});
  const Watch watch;
  for (const runtime::ItemResult& result : session.run(items)) {
    if (result.error) throw base::Error(*result.error);
  }
  return static_cast<double>(count) / watch.s();
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

// Tensors where the stages behind the input want them, as a stage before would have made them.
std::vector<value::Ref> tensors(const graph::Graph& graph, std::size_t bytes, int count) {
  const tensor::TensorType type{tensor::DType::f32, {static_cast<std::int64_t>(bytes / sizeof(float))}};
  std::vector<value::Ref> out;
  for (int i = 0; i < count; ++i) {
    tensor::Allocator* memory = graph.inputs[0].memory.get();
    out.push_back(value::make_tensor(memory != nullptr ? memory->allocate(type) : tensor::HostTensor(type)));
  }
  return out;
}

// Microseconds an item, one after the other on one thread.
double item_us(const plugin::Registry& registry, const std::string& name, std::size_t bytes, std::size_t count) {
  constexpr int kRounds = 15;
  const graph::Graph graph = pipeline(registry, name);
  const std::unique_ptr<device::Device> device = device::open_device({"cpu", kThreads});
  runtime::SessionOptions alone;
  alone.threads = 1;
  runtime::Session session(graph, *device, alone);
  const std::vector<value::Ref> values = tensors(graph, bytes, 4);
  std::vector<runtime::Item> items;
  for (std::size_t i = 0; i < count; ++i) items.push_back({{{"x", values[i % values.size()]}}, nullptr});
  std::vector<double> rounds;
  runtime::RunOptions options;
  options.on_result = [](std::size_t, runtime::ItemResult result) {
    if (result.error) throw base::Error(*result.error);
  };
  for (int i = 0; i < kRounds; ++i) {
    const Watch watch;
    session.run(items, options);
    rounds.push_back(watch.s() * 1e6 / static_cast<double>(count));
  }
  return median(rounds);
}

double isolation_us(const plugin::Registry& registry, const std::string& name, std::size_t bytes, std::size_t count) {
  return item_us(registry, "isolated_" + name, bytes, count) - item_us(registry, name, bytes, count);
}

// Microseconds of a call of which the process had no hint.
double isolation_idle_us(const plugin::Registry& registry, std::size_t bytes) {
  const graph::Graph graph = pipeline(registry, "isolated_pass");
  const std::vector<value::Ref> values = tensors(graph, bytes, 1);
  const value::Value* in = values.front().get();
  std::vector<double> calls;
  for (int i = 0; i < 200; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    value::Ref out;
    const Watch watch;
    graph.stages[0].isolated->process({&in, 1}, {&out, 1}, {});
    calls.push_back(watch.s() * 1e6);
  }
  return median(calls);
}

// What bench.work computes.
std::uint64_t work(std::uint64_t state) {
  for (int i = 0; i < 50'000'000; ++i) state = state * 6364136223846793005u + 1442695040888963407u;
  return state;
}

// How much more two threads compute than one does: 2 on two free processors, less where they share a core or the
// machine has other work.
double two_threads() {
  std::vector<double> rounds;
  std::uint64_t states[3] = {};
  for (int i = 0; i < 7; ++i) {
    const Watch alone;
    states[0] += work(1);
    const double one = alone.s();
    const Watch together;
    std::thread other([&states] { states[1] += work(2); });
    states[2] += work(3);
    other.join();
    rounds.push_back(2 * one / together.s());
  }
  if (states[0] + states[1] + states[2] == 0) std::abort();  // so that it is not left out
  return median(rounds);
}

double sgemm_gflops() {
  constexpr int kRows = 457;
  constexpr int kColumns = 1152;
  constexpr int kDepth = 288;
  omp_set_num_threads(kThreads);
  const std::vector<float> a(kRows * kDepth, 0.5f);
  const std::vector<float> b(kColumns * kDepth, 0.25f);
  std::vector<float> c(kRows * kColumns);
  double best = 1e9;
  for (int i = 0; i < 60; ++i) {
    const Watch watch;
    dnnl_sgemm('N', 'T', kRows, kColumns, kDepth, 1, a.data(), kDepth, b.data(), kDepth, 0, c.data(), kColumns);
    best = std::min(best, watch.s());
  }
  return 2e-9 * kRows * kColumns * kDepth / best;
}

double read_gb_per_s() {
  constexpr std::size_t kPart = std::size_t{128} << 20 >> 3;  // words of a thread's 128 MiB
  const std::vector<std::uint64_t> memory(kThreads * kPart, 1);
  double best = 1e9;
  std::uint64_t sums[kThreads] = {};
  for (int i = 0; i < 5; ++i) {
    const Watch watch;
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < kThreads; ++t) {
      const auto begin = memory.begin() + static_cast<std::ptrdiff_t>(t * kPart);
      threads.emplace_back([&sums, t, begin] { sums[t] = std::accumulate(begin, begin + kPart, std::uint64_t{0}); });
    }
    for (std::thread& thread : threads) thread.join();
    best = std::min(best, watch.s());
  }
  if (sums[0] + sums[1] != kThreads * kPart) std::abort();
  return static_cast<double>(memory.size() * sizeof(std::uint64_t)) / best / 1e9;
}

}  // namespace
}  // namespace motet::bench

int main() {
  using namespace motet::bench;
  try {
    const auto registry = motet::plugin::Registry::scan({fs::path(MOTET_BINARY_DIR) / "tests/bench_plugins"});
    const double chain = rate(registry, "chain", std::size_t{1} << 20, 50'000);
    const double waiting = rate(registry, "three_waiting", 4096, 512) / rate(registry, "one_waiting", 4096, 512);
    const double computing = rate(registry, "three", 4096, 512) / rate(registry, "one", 4096, 512);
    constexpr std::size_t kMiB = std::size_t{1} << 20;
    std::printf(
        "{\"isolated_pass_us\": %.1f, \"isolated_pass_1k_us\": %.1f, \"isolated_pass_16m_us\": %.1f, "
        "\"isolated_idle_us\": %.1f, \"isolated_make_us\": %.1f, \"isolated_make_1k_us\": %.1f, "
        "\"isolated_make_16m_us\": %.1f, ",
        isolation_us(registry, "pass", kMiB, 500), isolation_us(registry, "pass", 1024, 500),
        isolation_us(registry, "pass", 16 * kMiB, 500), isolation_idle_us(registry, kMiB),
        isolation_us(registry, "make", kMiB, 200), isolation_us(registry, "make", 1024, 500),
        isolation_us(registry, "make", 16 * kMiB, 20));
    std::printf(
        "\"chain_items_per_s\": %.0f, \"equal_stages\": %.3f, \"equal_computing\": %.3f, \"two_threads\": %.3f, "
        "\"sgemm_gflops\": %.1f, \"read_gb_per_s\": %.1f}\n",
        chain, waiting, computing, two_threads(), sgemm_gflops(), read_gb_per_s());
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
