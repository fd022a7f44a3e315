// Matrix products in float32 as a peer's are measured: wall time of a median run. One line of JSON.
//
//   vulkan   GFLOPS of the sizes that peers/gemm_ncnn_vulkan.py has, with a's way in and the result's way out
//   cpu      dense layers of the models, each as a part of two-thread dnnl_sgemm's rate; the least of each model
#include <oneapi/dnnl/dnnl.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <string_view>
#include <thread>

#include "prepared.hpp"

extern "C" void omp_set_num_threads(int threads);

namespace motet::bench {
namespace {

constexpr int kThreads = 2;

struct Sizes {
  std::int64_t rows, columns, depth;
  double gflop() const { return 2e-9 * static_cast<double>(rows * columns * depth); }
};

template <class Work>
double seconds(Work&& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double median(std::vector<double> times) {
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

// y[rows, columns] = x[rows, depth] w[columns, depth]^T
Prepared layer(device::Device& device, const Sizes& sizes) {
  std::vector<Operand> operands;
  operands.push_back({random_tensor(DType::f32, {sizes.rows, sizes.depth})});
  operands.push_back({random_tensor(DType::f32, {sizes.columns, sizes.depth}), Region::weight});
  Attributes given;
  given.set("transpose_b", std::int64_t{1});
  return {device, "matmul", given, std::move(operands)};
}

double gflops_there_and_back(device::Device& device, const Sizes& sizes) {
  Prepared ours = layer(device, sizes);
  const HostTensor x = random_tensor(DType::f32, {sizes.rows, sizes.depth});
  HostTensor y(DType::f32, {sizes.rows, sizes.columns});
  std::vector<double> times;
  for (double spent = 0; spent < 3 || times.size() < 5;) {
    times.push_back(seconds([&] {
      std::memcpy(ours.executable().input(0).data(), x.data(), x.size_bytes());
      ours.run();
      std::memcpy(y.data(), ours.executable().result(0).data(), y.size_bytes());
    }));
    spent += times.back();
  }
  return sizes.gflop() / median(times);
}

double part_of_sgemm(device::Device& device, const Sizes& sizes) {
  const auto& [m, n, k] = sizes;
  Prepared ours = layer(device, sizes);
  const HostTensor x = random_tensor(DType::f32, {m, k}), w = random_tensor(DType::f32, {n, k});
  HostTensor y(DType::f32, {m, n});
  std::vector<double> own, library;
  // In turn, since other work may share the machine. Between the two a while for the threads of the one, which spin
  // after their work, to leave the processors to the other; then calls that are not measured, until the other's are
  // awake and on processors of their own, which takes the kernel some milliseconds.
  const auto measure = [](std::vector<double>& times, const auto& call) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    for (double warm = 0; warm < 0.02;) warm += seconds(call);
    for (int j = 0; j < 10; ++j) times.push_back(seconds(call));
  };
  for (int i = 0; i < 10; ++i) {
    omp_set_num_threads(kThreads);
    measure(library, [&] {
      dnnl_sgemm('N', 'T', m, n, k, 1.0f, x.as<float>().data(), k, w.as<float>().data(), k, 0.0f, y.as<float>().data(),
                 n);
    });
    omp_set_num_threads(1);
    measure(own, [&] { ours.run(); });
  }
  return median(library) / median(own);
}

void on_vulkan() {
  const auto device = device::open_device({"vulkan", kThreads});
  const char* before = "{";
  for (const Sizes& sizes : {Sizes{457, 1152, 288}, Sizes{1024, 1024, 1024}}) {
    std::printf("%s\"vulkan.matmul_%ld_%ld_%ld_gflops\": %.3f", before, static_cast<long>(sizes.rows),
                static_cast<long>(sizes.columns), static_cast<long>(sizes.depth),
                gflops_there_and_back(*device, sizes));
    before = ", ";
  }
  std::printf("}\n");
}

void on_cpu() {
  const auto device = device::open_device({"cpu", kThreads});
  struct Model {
    const char* name;
    std::vector<Sizes> layers;
  };
  const std::array<Model, 3> models = {
      Model{"moonshine", {{457, 288, 288}, {457, 1152, 288}, {457, 288, 1152}}},
      Model{"minilm", {{1024, 384, 384}, {1024, 1536, 384}, {1024, 384, 1536}}},
      Model{"smollm2", {{128, 576, 576}, {128, 192, 576}, {128, 1536, 576}, {128, 576, 1536}}},
  };
  const char* before = "{";
  for (const Model& model : models) {
    double least = 1e9;
    for (const Sizes& sizes : model.layers) least = std::min(least, part_of_sgemm(*device, sizes));
    std::printf("%s\"dense.%s\": %.3f", before, model.name, least);
    before = ", ";
  }
  std::printf("}\n");
}

}  // namespace
}  // namespace motet::bench

int main(int argc, char** argv) {
  const std::string_view device = argc > 1 ? argv[1] : "cpu";
  try {
    device == "vulkan" ? motet::bench::on_vulkan() : motet::bench::on_cpu();
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
