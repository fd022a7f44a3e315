#include <algorithm>
#include <cmath>
#include <cstring>

#include "ops/harness.hpp"

namespace motet::tests::ops {
namespace {

std::vector<Numbers> reference(const Case& test) { return {numbers(test.operands[0].tensor)}; }

}  // namespace

TEST_CASE("dequantise: every block format and the halves") {
  Data data;
  for (const DType dtype : {DType::q8_0, DType::q4_0, DType::q4_1, DType::f16, DType::bf16}) {
    for (const Shape& shape : {Shape{1, 32}, Shape{3, 96}, Shape{577, 64}, Shape{0, 32}}) {
      check({"dequantise", {}, {{data.packed(dtype, shape), Region::weight}}}, reference);
    }
  }
  check({"dequantise", {}, {{data.packed(DType::f16, {7, 5}), Region::weight}}}, reference);
  for (const DType dtype : {DType::q5_0, DType::q5_1, DType::q4_K, DType::q5_K, DType::q6_K}) {
    for (const Shape& shape : {Shape{1, 256}, Shape{37, 512}, Shape{0, 256}})
      check({"dequantise", {}, {{data.packed(dtype, shape), Region::weight}}}, reference);
  }
}

namespace {

// Blocks packed here as the format's writers do, from quants and scales that are then what is wanted.
struct Packed {
  HostTensor tensor;
  Numbers want;
};

constexpr std::uint16_t kScale = 0x2E66;    // 0.0999755859375
constexpr std::uint16_t kMinimum = 0x3800;  // 0.5
constexpr double kScaleValue = 1638.0 / 16384, kMinimumValue = 0.5;

template <class Next>
std::vector<int> list(std::size_t count, Next next) {
  std::vector<int> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(next());
  return out;
}

std::uint8_t byte(int value) { return static_cast<std::uint8_t>(value); }

Packed packed_fives(bool minimum, const std::vector<int>& quants) {
  Packed out{HostTensor(minimum ? DType::q5_1 : DType::q5_0, {32}), {}};
  auto* to = reinterpret_cast<std::uint8_t*>(out.tensor.data());
  std::memcpy(to, &kScale, 2);
  if (minimum) std::memcpy(to + 2, &kMinimum, 2);
  to += minimum ? 4 : 2;
  std::uint32_t high = 0;
  for (std::size_t j = 0; j < 16; ++j) {
    to[4 + j] = byte((quants[j] & 15) | (quants[j + 16] & 15) << 4);
    high |= static_cast<std::uint32_t>(quants[j] >> 4) << j | static_cast<std::uint32_t>(quants[j + 16] >> 4)
                                                                  << (j + 16);
  }
  std::memcpy(to, &high, 4);
  for (const int q : quants) out.want.push_back(minimum ? kScaleValue * q + kMinimumValue : kScaleValue * (q - 16));
  return out;
}

Packed packed_parts(bool five, const std::vector<int>& quants, const std::vector<int>& scales,
                    const std::vector<int>& minima) {
  Packed out{HostTensor(five ? DType::q5_K : DType::q4_K, {256}), {}};
  auto* to = reinterpret_cast<std::uint8_t*>(out.tensor.data());
  std::memcpy(to, &kScale, 2);
  std::memcpy(to + 2, &kMinimum, 2);
  std::uint8_t* six = to + 4;
  for (std::size_t j = 0; j < 8; ++j) {
    if (j < 4) {
      six[j] = byte(scales[j]);
      six[j + 4] = byte(minima[j]);
    } else {
      six[j + 4] = byte((scales[j] & 15) | (minima[j] & 15) << 4);
      six[j - 4] = byte(six[j - 4] | scales[j] >> 4 << 6);
      six[j] = byte(six[j] | minima[j] >> 4 << 6);
    }
  }
  std::uint8_t* high = to + 16;
  std::uint8_t* nibbles = five ? high + 32 : high;
  for (std::size_t n = 0; n < 256; n += 64, nibbles += 32) {
    for (std::size_t j = 0; j < 32; ++j) {
      const int first = quants[n + j], second = quants[n + j + 32];
      nibbles[j] = byte((first & 15) | (second & 15) << 4);
      if (five) high[j] = byte(high[j] | (first >> 4) << (n / 32) | (second >> 4) << (n / 32 + 1));
    }
  }
  for (std::size_t i = 0; i < 256; ++i)
    out.want.push_back(kScaleValue * scales[i / 32] * quants[i] - kMinimumValue * minima[i / 32]);
  return out;
}

Packed packed_sixes(const std::vector<int>& quants, const std::vector<int>& scales) {
  Packed out{HostTensor(DType::q6_K, {256}), {}};
  auto* low = reinterpret_cast<std::uint8_t*>(out.tensor.data());
  std::uint8_t* high = low + 128;
  for (std::size_t i = 0; i < 16; ++i) low[192 + i] = byte(scales[i]);
  std::memcpy(low + 208, &kScale, 2);
  for (std::size_t n = 0; n < 256; n += 128, low += 64, high += 32) {
    for (std::size_t j = 0; j < 32; ++j) {
      const int* q = quants.data() + n + j;
      low[j] = byte((q[0] & 15) | (q[64] & 15) << 4);
      low[j + 32] = byte((q[32] & 15) | (q[96] & 15) << 4);
      high[j] = byte(q[0] >> 4 | q[32] >> 4 << 2 | q[64] >> 4 << 4 | q[96] >> 4 << 6);
    }
  }
  for (std::size_t i = 0; i < 256; ++i) out.want.push_back(kScaleValue * scales[i / 16] * (quants[i] - 32));
  return out;
}

}  // namespace

TEST_CASE("dequantise: blocks of five and six bits and those of 256 elements, packed as published") {
  unsigned state = 7;
  const auto below = [&](int most) {
    return [&state, most] { return static_cast<int>((state = state * 1664525u + 1013904223u) >> 16) % most; };
  };
  for (int round = 0; round < 4; ++round) {
    const std::vector<Packed> all{packed_fives(false, list(32, below(32))), packed_fives(true, list(32, below(32))),
                                  packed_parts(false, list(256, below(16)), list(8, below(64)), list(8, below(64))),
                                  packed_parts(true, list(256, below(32)), list(8, below(64)), list(8, below(64))),
                                  packed_sixes(list(256, below(64)), list(16, [&] { return below(256)() - 128; }))};
    for (const Packed& one : all) {
      check({"dequantise", {}, {{one.tensor, Region::weight}}},
            [&](const Case&) { return std::vector<Numbers>{one.want}; });
      const Numbers expanded = numbers(one.tensor);  // tensor::dequantise, which the other tests build on
      for (std::size_t i = 0; i < one.want.size(); ++i)
        CHECK(std::abs(expanded[i] - one.want[i]) <= 1e-6 * (1 + std::abs(one.want[i])));
    }
  }
}

TEST_CASE("dequantise: a q4_1 block by hand") {
  HostTensor x(DType::q4_1, {32});
  const std::uint16_t halves[2] = {0x3C00, 0xC000};  // scale 1, minimum -2
  std::copy_n(reinterpret_cast<const std::byte*>(halves), 4, x.data());
  for (int i = 0; i < 16; ++i) x.data()[4 + i] = static_cast<std::byte>(i | ((15 - i) << 4));
  Numbers want;
  for (int i = 0; i < 16; ++i) want.push_back(i - 2);
  for (int i = 0; i < 16; ++i) want.push_back(15 - i - 2);
  check({"dequantise", {}, {{x, Region::weight}}}, [&](const Case&) { return std::vector<Numbers>{want}; });
}

}  // namespace motet::tests::ops
