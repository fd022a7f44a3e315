// Rates of single operations, for whoever works on their shaders: `test_core_device_vulkan "[rates]"`. By the
// processor's time, halved for two threads: other programs do not disturb it.
#include <array>
#include <cstdio>
#include <ctime>

#include "device/vulkan/vulkan_device.hpp"
#include "one_step.hpp"
#include "support/catch.hpp"

namespace motet::device::vulkan::tests {
namespace {

double best_ms(Executable& executable) {
  double best = 1e9;
  for (int i = 0; i < 5; ++i) {
    const std::clock_t begin = std::clock();
    executable.run();
    best = std::min(best, 1e3 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC / 2);
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
  for (const Case& c : {Case{457, 1152, 288, DType::f32, true}, Case{457, 1152, 288, DType::f32, false},
                        Case{1024, 1024, 1024, DType::f32, true}, Case{1024, 1024, 1024, DType::f32, false},
                        Case{128, 1536, 576, DType::q4_1, true}, Case{1, 1536, 576, DType::f32, true},
                        Case{1, 1536, 576, DType::q4_1, true}, Case{1, 1536, 576, DType::q8_0, true},
                        Case{1, 49152, 576, DType::q8_0, true}}) {
    const HostTensor a = noise({c.rows, c.depth});
    const HostTensor b(c.dtype, c.transposed ? Shape{c.columns, c.depth} : Shape{c.depth, c.columns});
    program::Attributes attributes;
    attributes.set("transpose_b", std::int64_t{c.transposed});
    OneStep step(*device, "matmul", {&a, &b}, attributes);
    const double ms = best_ms(step.executable());
    std::printf("%5ld x %5ld x %5ld %-5s %s %9.3f ms %8.2f GFLOPS\n", c.rows, c.columns, c.depth,
                std::string(tensor::name(c.dtype)).c_str(), c.transposed ? "T" : " ", ms,
                2e-6 * static_cast<double>(c.rows * c.columns * c.depth) / ms);
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
      std::printf("attention %s %d tokens, %d heads of %d %9.3f ms %8.2f GFLOPS\n", like_hardware ? "gpu" : "cpu",
                  tokens, heads, size, ms, 4e-6 * tokens * tokens * heads * size / ms);
    }
  }
  SUCCEED();
}

TEST_CASE("rates of the other operations", "[.rates]") {
  const auto device = open_vulkan("");
  const auto report = [&](const char* what, OneStep&& step) {
    std::printf("%-40s %9.3f ms\n", what, best_ms(step.executable()));
  };
  const auto with = [](std::initializer_list<std::pair<const char*, program::Attribute>> list) {
    program::Attributes attributes;
    for (const auto& [key, value] : list) attributes.set(key, value);
    return attributes;
  };
  const std::int64_t one = 1;
  const HostTensor x = noise({1, 457, 288}), w = noise({288}), wave = noise({1, 176000, 1}), c1 = noise({288, 1, 127});
  const HostTensor x1 = noise({1, 2749, 288}), c2 = noise({576, 288, 7}), x2 = noise({1, 915, 576}),
                   c3 = noise({288, 576, 3});
  const HostTensor q = noise({1, 457, 8, 36}), logits = noise({1, 32768}), head = noise({32768, 288}),
                   h = noise({1, 288});
  const HostTensor up = noise({1, 457, 1152});
  const HostTensor kept = noise({4, 512, 8, 36}), past = noise({2, 4, 3, 256, 64}), one_token = noise({1, 8, 36});
  const HostTensor nine = noise({1, 9, 64}), three = noise({1, 3, 64}), prompt = noise({128, 9, 64}),
                   prompt3 = noise({128, 3, 64});
  HostTensor row(DType::i32, {1}), position(DType::i32, {1}), length(DType::i32, {4}), rows(DType::i32, {128}),
      positions(DType::i32, {128});
  position.as<std::int32_t>()[0] = 200, length.as<std::int32_t>()[0] = 457;
  for (int i = 0; i < 128; ++i) positions.as<std::int32_t>()[static_cast<std::size_t>(i)] = i;
  report("attention kept 457, 8 x 36",
         OneStep(*device, "attention", {&one_token, &kept, &kept, nullptr, &row, nullptr, &length}));
  report("attention state 200, 9 of 3 x 64",
         OneStep(*device, "attention", {&nine, &three, &three, &past, &row, &position}));
  report("attention state prompt 128, 9 of 3 x 64",
         OneStep(*device, "attention", {&prompt, &prompt3, &prompt3, &past, &rows, &positions}));
  report("layer_norm 457 x 288", OneStep(*device, "layer_norm", {&x, &w, &w}));
  report("group_norm 2749 x 288", OneStep(*device, "group_norm", {&x1, &w, &w}, with({{"groups", one}})));
  report("conv1d 176000 x 1, 288 of 127 / 64",
         OneStep(*device, "conv1d", {&wave, &c1}, with({{"stride", std::int64_t{64}}})));
  report("conv1d 2749 x 288, 576 of 7 / 3",
         OneStep(*device, "conv1d", {&x1, &c2}, with({{"stride", std::int64_t{3}}})));
  report("conv1d 915 x 576, 288 of 3 / 2", OneStep(*device, "conv1d", {&x2, &c3}, with({{"stride", std::int64_t{2}}})));
  report("rope 457 x 8 x 36", OneStep(*device, "rope", {&q}, with({{"dims", std::int64_t{32}}})));
  report("gelu 457 x 1152", OneStep(*device, "unary", {&up}, with({{"fn", std::string("gelu")}})));
  report("neg 457 x 1152", OneStep(*device, "unary", {&up}, with({{"fn", std::string("neg")}})));
  report("add 457 x 288", OneStep(*device, "binary", {&x, &x}, with({{"fn", std::string("add")}})));
  report("argmax 32768", OneStep(*device, "argmax", {&logits}));
  report("matmul 1 x 32768 x 288", OneStep(*device, "matmul", {&h, &head}, with({{"transpose_b", one}})));
  report("softmax 457 x 1152", OneStep(*device, "softmax", {&up}));
  report("transpose 457 x 8 x 36",
         OneStep(*device, "transpose", {&q}, with({{"permutation", std::vector<std::int64_t>{0, 2, 1, 3}}})));
  SUCCEED();
}

}  // namespace motet::device::vulkan::tests
