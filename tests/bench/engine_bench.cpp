// What the engine itself costs, and what this machine could do at most. One line of JSON:
//   chain_items_per_s  items of 1 MiB through ten stages that hand them on
//   equal_stages       rate of three stages that each wait 1 ms for an item (as for a file or a network), as a part of
//                      one such stage's rate: 1 where they run at the same time
//   equal_computing    the same of three stages that compute for as long; on two processors 2/3 at most
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

// Items a second of a pipeline of tests/bench/pipelines, each item the same `bytes`.
double rate(const plugin::Registry& registry, const std::string& name, std::size_t bytes, std::size_t count) {
  const graph::Graph graph =
      graph::resolve(fs::path(MOTET_SOURCE_DIR) / "tests/bench/pipelines" / (name + ".yaml"), {}, registry);
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
    std::printf(
        "{\"chain_items_per_s\": %.0f, \"equal_stages\": %.3f, \"equal_computing\": %.3f, \"sgemm_gflops\": %.1f, "
        "\"read_gb_per_s\": %.1f}\n",
        chain, waiting, computing, sgemm_gflops(), read_gb_per_s());
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
