// The matrix products of both shapes of device, GPU and CPU, on shapes that fill their tiles and that do not.
#include <cmath>

#include "device/vulkan/vulkan_device.hpp"
#include "one_step.hpp"
#include "support/catch.hpp"
#include "tensor/blocks.hpp"

namespace motet::device::vulkan::tests {
namespace {

constexpr double kTolerance = 1e-10;

// Bytes that decode to small numbers, whatever the type.
HostTensor weight(DType dtype, std::int64_t rows, std::int64_t columns) {
  HostTensor values = noise({rows, columns}, 7);
  HostTensor made(dtype, {rows, columns});
  auto* bytes = reinterpret_cast<unsigned char*>(made.data());
  const auto put = [&](std::size_t at, std::uint16_t half) { std::memcpy(bytes + at, &half, 2); };
  if (dtype == DType::f32) return values;
  const std::span<const float> from = values.as<float>();
  if (!tensor::is_quantised(dtype)) {
    for (std::size_t i = 0; i < from.size(); ++i)
      put(2 * i, dtype == DType::f16 ? tensor::to_f16(from[i]) : tensor::to_bf16(from[i]));
    return made;
  }
  const std::size_t block_bytes = tensor::info(dtype).block_bytes;
  for (std::size_t i = 0; i < made.size_bytes(); ++i)
    bytes[i] = static_cast<unsigned char>(static_cast<int>(127 * from[i % from.size()]));
  for (std::size_t block = 0; block < made.size_bytes(); block += block_bytes) {
    put(block, tensor::to_f16(0.01f + 0.01f * from[block / block_bytes]));
    if (dtype == DType::q4_1) put(block + 2, tensor::to_f16(from[block / block_bytes]));
  }
  return made;
}

double error(const HostTensor& got, const HostTensor& a, const std::vector<float>& b, std::int64_t rows,
             std::int64_t columns, std::int64_t depth, bool transposed) {
  double wrong = 0, right = 0;
  for (std::int64_t r = 0; r < rows; ++r) {
    for (std::int64_t c = 0; c < columns; ++c) {
      double sum = 0;
      for (std::int64_t k = 0; k < depth; ++k) {
        sum += double{a.as<float>()[static_cast<std::size_t>(r * depth + k)]} *
               b[static_cast<std::size_t>(transposed ? c * depth + k : k * columns + c)];
      }
      const double difference = got.as<float>()[static_cast<std::size_t>(r * columns + c)] - sum;
      wrong += difference * difference;
      right += sum * sum;
    }
  }
  return wrong / right;
}

void check(Device& device, DType dtype, bool transposed, std::int64_t rows, std::int64_t columns, std::int64_t depth) {
  CAPTURE(device.traits().software, tensor::name(dtype), transposed, rows, columns, depth);
  const HostTensor a = noise({rows, depth});
  const HostTensor b = transposed ? weight(dtype, columns, depth) : weight(dtype, depth, columns);
  std::vector<float> plain(static_cast<std::size_t>(columns * depth));
  if (dtype == DType::f32) {
    plain.assign(b.as<float>().begin(), b.as<float>().end());
  } else {
    tensor::dequantise(dtype, b.data(), plain);
  }
  program::Attributes attributes;
  attributes.set("transpose_b", std::int64_t{transposed});
  OneStep step(device, "matmul", {&a, &b}, attributes);
  CHECK(error(step.run(), a, plain, rows, columns, depth, transposed) <= kTolerance);
}

}  // namespace

TEST_CASE("products of every weight type, on the kernels of both kinds of device") {
  for (const bool like_hardware : {false, true}) {
    const auto device = open_vulkan("", {like_hardware});
    for (const auto& [rows, columns] :
         {std::pair{1, 1}, {1, 96}, {1, 257}, {3, 70}, {8, 33}, {13, 130}, {67, 97}, {130, 140}}) {
      for (const DType dtype : {DType::f32, DType::f16, DType::bf16, DType::q8_0, DType::q4_0, DType::q4_1}) {
        for (const int depth : {32, 96, 160}) check(*device, dtype, true, rows, columns, depth);
      }
      for (const int depth : {1, 7, 36, 64, 131}) {
        check(*device, DType::f32, true, rows, columns, depth);
        check(*device, DType::f32, false, rows, columns, depth);
        if (depth % 2 == 0) check(*device, DType::f16, true, rows, columns, depth);
      }
    }
  }
}

}  // namespace motet::device::vulkan::tests
