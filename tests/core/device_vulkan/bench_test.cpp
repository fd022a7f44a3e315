// Rates of single operations, for whoever works on their shaders: `test_core_device_vulkan "[rates]"`.
#include <array>
#include <chrono>
#include <cstdio>

#include "device/vulkan/vulkan_device.hpp"
#include "one_step.hpp"
#include "support/catch.hpp"

namespace motet::device::vulkan::tests {
namespace {

double best_ms(Executable& executable) {
  double best = 1e9;
  for (int i = 0; i < 4; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    executable.run();
    best = std::min(best, std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
  }
  return best;
}

}  // namespace

TEST_CASE("rates of products", "[.rates]") {
  const auto device = open_vulkan("");
  struct Case {
    std::int64_t rows, columns, depth;
    DType dtype;
    bool transposed;
  };
  for (const Case& c : {Case{457, 1152, 288, DType::f32, true}, Case{457, 1152, 288, DType::f32, false}, Case{1024, 1024, 1024, DType::f32, true},
                        Case{1024, 1024, 1024, DType::f32, false}, Case{128, 1536, 576, DType::q4_1, true}, Case{1, 1536, 576, DType::f32, true},
                        Case{1, 1536, 576, DType::q4_1, true}, Case{1, 1536, 576, DType::q8_0, true}, Case{1, 49152, 576, DType::q8_0, true}}) {
    const HostTensor a = noise({c.rows, c.depth});
    const HostTensor b(c.dtype, c.transposed ? Shape{c.columns, c.depth} : Shape{c.depth, c.columns});
    program::Attributes attributes;
    attributes.set("transpose_b", std::int64_t{c.transposed});
    OneStep step(*device, "matmul", {&a, &b}, attributes);
    const double ms = best_ms(step.executable());
    std::printf("%5ld x %5ld x %5ld %-5s %s %9.3f ms %8.2f GFLOPS\n", c.rows, c.columns, c.depth, std::string(tensor::name(c.dtype)).c_str(),
                c.transposed ? "T" : " ", ms, 2e-6 * static_cast<double>(c.rows * c.columns * c.depth) / ms);
  }
  SUCCEED();
}

TEST_CASE("rates of attention", "[.rates]") {
  for (const bool like_hardware : {false}) {
    const auto device = open_vulkan("", {like_hardware});
    for (const auto& [tokens, heads, size] : {std::array{457, 8, 36}, {32, 12, 32}, {512, 12, 32}}) {
      const HostTensor q = noise({1, tokens, heads, size});
      OneStep step(*device, "attention", {&q, &q, &q});
      const double ms = best_ms(step.executable());
      std::printf("attention %s %d tokens, %d heads of %d %9.3f ms %8.2f GFLOPS\n", like_hardware ? "gpu" : "cpu", tokens, heads, size, ms, 4e-6 * tokens * tokens * heads * size / ms);
    }
  }
  SUCCEED();
}

}  // namespace motet::device::vulkan::tests
