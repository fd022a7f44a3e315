// Weights larger than what the device binds at once: taken by rows, with the result that they have as a whole.
#include <array>
#include <cmath>

#include "base/error.hpp"
#include "device/vulkan/vulkan_device.hpp"
#include "one_step.hpp"
#include "support/catch.hpp"
#include "tensor/blocks.hpp"

namespace motet::device::vulkan::tests {
namespace {

constexpr std::uint64_t kSmall = 32 << 10;

HostTensor packed(DType dtype, std::int64_t rows, std::int64_t columns) {
  HostTensor values = noise({rows, columns}, 7);
  if (dtype == DType::f32) return values;
  HostTensor made(dtype, {rows, columns});
  auto* bytes = reinterpret_cast<unsigned char*>(made.data());
  for (std::size_t i = 0; i < made.size_bytes(); ++i)
    bytes[i] = static_cast<unsigned char>(static_cast<int>(127 * values.as<float>()[i % 1000]));
  const std::size_t block_bytes = tensor::is_quantised(dtype) ? tensor::info(dtype).block_bytes : 2;
  for (std::size_t at = 0; at < made.size_bytes(); at += block_bytes) {
    const std::uint16_t half = tensor::to_f16(0.01f + 0.01f * values.as<float>()[at / block_bytes]);
    std::memcpy(bytes + at, &half, 2);
    if (dtype == DType::q4_1) std::memcpy(bytes + at + 2, &half, 2);
  }
  return made;
}

double difference(const HostTensor& got, const HostTensor& wanted) {
  double wrong = 0, right = 0;
  for (std::size_t i = 0; i < wanted.as<float>().size(); ++i) {
    wrong += std::pow(double{got.as<float>()[i]} - wanted.as<float>()[i], 2);
    right += std::pow(double{wanted.as<float>()[i]}, 2);
  }
  REQUIRE(right > 0);
  return wrong / right;
}

}  // namespace

TEST_CASE("products with weights larger than a binding, with what is fused behind them") {
  for (const bool like_hardware : {false, true}) {
    const auto whole = open_vulkan("", {.like_hardware = like_hardware});
    const auto parts = open_vulkan("", {.like_hardware = like_hardware, .max_binding_bytes = kSmall});
    for (const DType dtype : {DType::f32, DType::f16, DType::q8_0, DType::q4_0, DType::q4_1}) {
      for (const auto& [rows, columns, depth] :
           {std::array<std::int64_t, 3>{1, 1009, 96}, {3, 1009, 96}, {20, 400, 384}}) {
        CAPTURE(like_hardware, tensor::name(dtype), rows);
        const HostTensor a = noise({rows, depth}), weight = packed(dtype, columns, depth);
        REQUIRE(weight.size_bytes() > kSmall);
        const HostTensor bias = noise({columns}, 3), scale = noise({1}, 5), other = noise({rows, columns}, 9);
        plan::Epilogue add, multiply, subtract;
        add.fn = "add", add.reach = plan::Epilogue::Reach::last_dimension;
        multiply.fn = "mul", multiply.reach = plan::Epilogue::Reach::one;
        subtract.fn = "sub", subtract.reach = plan::Epilogue::Reach::same;
        program::Attributes attributes;
        attributes.set("transpose_b", std::int64_t{1});
        const std::vector<std::pair<plan::Epilogue, const HostTensor*>> epilogues{
            {add, &bias}, {multiply, &scale}, {subtract, &other}};
        OneStep expected(*whole, "matmul", {&a, &weight}, attributes, epilogues);
        OneStep step(*parts, "matmul", {&a, &weight}, attributes, epilogues);
        CHECK(difference(step.run(), expected.run()) <= 1e-12);
      }
    }
  }
}

TEST_CASE("rows of tables larger than a binding, and none for what lies outside") {
  const auto parts = open_vulkan("", {.max_binding_bytes = kSmall});
  HostTensor ids(DType::i32, {9});
  const std::int32_t wanted[] = {0, 1008, -1, 64, 65, 1009, 500, 127, 128};
  std::copy(std::begin(wanted), std::end(wanted), ids.as<std::int32_t>().begin());
  for (const DType dtype : {DType::f32, DType::f16, DType::q8_0, DType::q4_0, DType::q4_1}) {
    CAPTURE(tensor::name(dtype));
    const HostTensor table = packed(dtype, 1009, 96);
    std::vector<float> plain(1009 * 96);
    if (dtype == DType::f32) {
      plain.assign(table.as<float>().begin(), table.as<float>().end());
    } else {
      tensor::dequantise(dtype, table.data(), plain);
    }
    for (const std::string op : {"embedding", "take_rows"}) {
      if (op == "take_rows" && dtype != DType::f32) continue;
      CAPTURE(op);
      OneStep step(*parts, op, {&table, &ids});
      const HostTensor got = step.run();
      for (std::size_t i = 0; i < std::size(wanted); ++i) {
        for (std::size_t c = 0; c < 96; ++c) {
          const bool inside = wanted[i] >= 0 && wanted[i] < 1009;
          const float value = inside ? plain[static_cast<std::size_t>(wanted[i]) * 96 + c] : 0.0f;
          if (std::abs(got.as<float>()[i * 96 + c] - value) > 1e-6f) FAIL("id " << wanted[i] << ", column " << c);
        }
      }
    }
  }
}

TEST_CASE("what can't be taken by rows is refused with the limit, not bound beyond it") {
  const auto parts = open_vulkan("", {.max_binding_bytes = kSmall});
  const HostTensor x = noise({100, 100}), long_rows = noise({2, 10000}), token = noise({1, 10000});
  const auto refused = [&](auto&& make) {
    try {
      make();
      FAIL("prepared");
    } catch (const base::Error& error) {
      CHECK(error.kind() == base::ErrorKind::environment);
      CHECK_THAT(error.what(), Catch::Contains("binds at most 32768"));
    }
  };
  refused([&] { OneStep(*parts, "softmax", {&x}); });
  program::Attributes attributes;
  attributes.set("transpose_b", std::int64_t{1});
  refused([&] { OneStep(*parts, "matmul", {&token, &long_rows}, attributes); });
}

}  // namespace motet::device::vulkan::tests
