// How fast the cpu device's operations are, and for products of matrices what the dense library makes of the same sizes
// with threads of its own, measured in turn. Best and median of several rounds, since other work may share the machine.
//
//   bench_ops [rounds] [part of a name] [threads]
//
// With one thread, it is this thread's time on the processor that counts, which other work disturbs less.
#include <oneapi/dnnl/dnnl.h>
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "prepared.hpp"

extern "C" void omp_set_num_threads(int threads);

namespace motet::bench {
namespace {

struct Times {
  double best_ms = 0;
  double median_ms = 0;
};

double now_ms(int threads) {
  timespec time{};
  clock_gettime(threads == 1 ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) * 1e-6;
}

Times summary(std::vector<double> times) {
  std::sort(times.begin(), times.end());
  return {times.front(), times[times.size() / 2]};
}

struct Bench {
  device::Device& device;
  int rounds;
  std::string_view wanted;
  int threads;

  template <class Work>
  double once_ms(Work work) const {
    const double begin = now_ms(threads);
    work();
    return now_ms(threads) - begin;
  }
  bool skips(const std::string& name) const { return name.find(wanted) == std::string::npos; }

  // Against dnnl_sgemm with two threads of its own, in turn. flops: of one run.
  void product(std::int64_t m, std::int64_t n, std::int64_t k) {
    const std::string name = "matmul f32 " + std::to_string(m) + " " + std::to_string(n) + " " + std::to_string(k);
    if (skips(name)) return;
    HostTensor a = random_tensor(DType::f32, {m, k}), b = random_tensor(DType::f32, {n, k}), c(DType::f32, {m, n});
    HostTensor a2 = random_tensor(DType::f32, {m, k}), b2 = random_tensor(DType::f32, {n, k});
    Attributes given;
    given.set("transpose_b", std::int64_t{1});
    std::vector<Operand> operands;
    operands.push_back({std::move(a)});
    operands.push_back({std::move(b), Region::weight});
    Prepared ours(device, "matmul", given, std::move(operands));
    std::vector<double> own, library;
    omp_set_num_threads(threads);
    for (int i = 0; i < rounds; ++i) {
      for (int j = 0; j < 3; ++j)
        library.push_back(once_ms([&] {
          omp_set_num_threads(threads);
          dnnl_sgemm('N', 'T', m, n, k, 1.0f, a2.as<float>().data(), k, b2.as<float>().data(), k, 0.0f,
                     c.as<float>().data(), n);
        }));
      omp_set_num_threads(1);
      for (int j = 0; j < 3; ++j) own.push_back(once_ms([&] { ours.run(); }));
    }
    const double gflop = 2e-9 * static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k);
    const Times o = summary(own), l = summary(library);
    std::printf("%-34s %8.3f ms %7.1f GFLOPS (median %7.1f)   dnnl_sgemm itself %7.1f (median %7.1f)   ratio %.2f\n",
                name.c_str(), o.best_ms, gflop / o.best_ms * 1e3, gflop / o.median_ms * 1e3, gflop / l.best_ms * 1e3,
                gflop / l.median_ms * 1e3, l.best_ms / o.best_ms);
  }

  // `work` in units of `unit` a run: bytes read or operations done, in 10^9.
  void op(const std::string& name, const char* op_name, const Attributes& given, std::vector<Operand> operands,
          double work, const char* unit) {
    if (skips(name)) return;
    Prepared ours(device, op_name, given, std::move(operands));
    std::vector<double> own;
    for (int i = 0; i < 3 * rounds; ++i) own.push_back(once_ms([&] { ours.run(); }));
    const Times o = summary(own);
    std::printf("%-34s %8.4f ms (median %8.4f) %7.1f %s\n", name.c_str(), o.best_ms, o.median_ms,
                work / o.best_ms * 1e3, unit);
  }

  void weights(DType dtype, std::int64_t m, std::int64_t n, std::int64_t k) {
    Attributes given;
    given.set("transpose_b", std::int64_t{1});
    HostTensor b = random_tensor(dtype, {n, k});
    const double bytes = static_cast<double>(b.size_bytes()) * 1e-9;
    const double gflop = 2e-9 * static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k);
    std::vector<Operand> operands;
    operands.push_back({random_tensor(DType::f32, {m, k})});
    operands.push_back({std::move(b), Region::weight});
    const std::string name = "matmul " + std::string(tensor::name(dtype)) + " " + std::to_string(m) + " " +
                             std::to_string(n) + " " + std::to_string(k);
    op(name, "matmul", given, std::move(operands), m <= 8 ? bytes : gflop, m <= 8 ? "GB/s" : "GFLOPS");
  }

  void conv(std::int64_t t, std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride) {
    Attributes given;
    given.set("stride", stride);
    std::vector<Operand> operands;
    operands.push_back({random_tensor(DType::f32, {1, t, in})});
    operands.push_back({random_tensor(DType::f32, {out, in, kernel}), Region::weight});
    operands.push_back({random_tensor(DType::f32, {out}), Region::weight});
    const double steps = static_cast<double>((t - kernel) / stride + 1);
    op("conv1d " + std::to_string(t) + " " + std::to_string(in) + " " + std::to_string(out) + " k" +
           std::to_string(kernel),
       "conv1d", given, std::move(operands), 2e-9 * steps * static_cast<double>(in * out * kernel), "GFLOPS");
  }

  void attention(std::int64_t batch, std::int64_t t, std::int64_t heads, std::int64_t d) {
    std::vector<Operand> operands;
    for (int i = 0; i < 3; ++i) operands.push_back({random_tensor(DType::f32, {batch, t, heads, d})});
    operands.resize(8);
    op("attention " + std::to_string(batch) + " " + std::to_string(t) + " " + std::to_string(heads) + " " +
           std::to_string(d),
       "attention", {}, std::move(operands), 4e-9 * static_cast<double>(batch * heads * t * t * d), "GFLOPS");
  }

  // Flat tokens, one a row, over kept keys: a decoder's look at the encoder.
  void kept_attention(std::int64_t tokens, std::int64_t keys, std::int64_t heads, std::int64_t d) {
    const std::string name = "attention kept " + std::to_string(tokens) + " " + std::to_string(keys) + " " +
                             std::to_string(heads) + " " + std::to_string(d);
    if (skips(name)) return;
    std::vector<Operand> operands(8);
    operands[0] = {random_tensor(DType::f32, {tokens, heads, d})};
    operands[1] = {random_tensor(DType::f32, {tokens, keys, heads, d}), Region::weight};
    operands[2] = {random_tensor(DType::f32, {tokens, keys, heads, d}), Region::weight};
    operands[4] = {HostTensor(DType::i32, {tokens})};
    operands[6] = {HostTensor(DType::i32, {tokens})};
    for (std::int64_t n = 0; n < tokens; ++n) {
      operands[4].tensor.as<std::int32_t>()[static_cast<std::size_t>(n)] = static_cast<std::int32_t>(n);
      operands[6].tensor.as<std::int32_t>()[static_cast<std::size_t>(n)] = static_cast<std::int32_t>(keys);
    }
    op(name, "attention", {}, std::move(operands), 8e-9 * static_cast<double>(tokens * keys * heads * d), "GB/s");
  }

  void elementwise(const char* fn, std::int64_t n) {
    Attributes given;
    given.set("fn", std::string(fn));
    std::vector<Operand> operands;
    operands.push_back({random_tensor(DType::f32, {n})});
    op("unary " + std::string(fn), "unary", given, std::move(operands), 1e-9 * static_cast<double>(n), "G elements/s");
  }

  void norm(const char* name, std::int64_t rows, std::int64_t width) {
    Attributes given;
    if (std::string_view(name) == "group_norm") given.set("groups", std::int64_t{1});
    std::vector<Operand> operands;
    operands.push_back({random_tensor(DType::f32, {1, rows, width})});
    operands.push_back({random_tensor(DType::f32, {width}), Region::weight});
    if (std::string_view(name) != "rms_norm") operands.push_back({});
    op(std::string(name) + " " + std::to_string(rows) + " " + std::to_string(width), name, given, std::move(operands),
       1e-9 * static_cast<double>(rows * width), "G elements/s");
  }

  void rope(std::int64_t tokens, std::int64_t heads, std::int64_t d) {
    Attributes given;
    given.set("dims", d);
    std::vector<Operand> operands;
    operands.push_back({random_tensor(DType::f32, {1, tokens, heads, d})});
    operands.push_back({});
    op("rope " + std::to_string(tokens) + " " + std::to_string(heads) + " " + std::to_string(d), "rope", given,
       std::move(operands), 1e-9 * static_cast<double>(tokens * heads * d), "G elements/s");
  }
};

void all(Bench& bench) {
  for (const auto& [m, n, k] : {std::array<std::int64_t, 3>{457, 1152, 288},
                                {457, 288, 1152},
                                {457, 288, 288},
                                {1024, 1536, 384},
                                {1024, 384, 1536},
                                {1024, 384, 384},
                                {128, 1536, 576},
                                {1024, 1024, 1024}}) {
    bench.product(m, n, k);
  }
  for (const DType dtype : {DType::f32, DType::q8_0, DType::q4_1, DType::f16}) {
    for (const std::int64_t m : {1, 4}) {
      bench.weights(dtype, m, 1536, 576);
      bench.weights(dtype, m, 131072, 576);
    }
    for (const std::int64_t m : {8, 12, 16, 32, 128}) bench.weights(dtype, m, 1536, 576);
  }
  for (auto [n, k] : {std::pair{192, 576}, {576, 576}, {576, 1536}, {49152, 576}}) bench.weights(DType::q4_1, 1, n, k);
  bench.conv(176000, 1, 288, 127, 64);
  bench.conv(2749, 288, 576, 7, 3);
  bench.conv(915, 576, 288, 3, 2);
  bench.attention(1, 457, 8, 36);
  bench.attention(32, 32, 12, 32);
  for (const std::int64_t tokens : {1, 4, 64}) bench.kept_attention(tokens, 457, 8, 36);
  for (const char* fn : {"tanh", "gelu", "silu", "exp"}) bench.elementwise(fn, 791712);
  bench.norm("group_norm", 2749, 288);
  bench.norm("layer_norm", 457, 288);
  bench.norm("rms_norm", 128, 576);
  bench.rope(457, 8, 32);
}

}  // namespace
}  // namespace motet::bench

int main(int argc, char** argv) {
  motet::device::DeviceOptions options;
  options.name = "cpu";
  options.threads = argc > 3 ? std::max(1, std::atoi(argv[3])) : 2;
  const auto device = motet::device::open_device(options);
  motet::bench::Bench bench{*device, argc > 1 ? std::max(1, std::atoi(argv[1])) : 10, argc > 2 ? argv[2] : "",
                            options.threads};
  motet::bench::all(bench);
}
