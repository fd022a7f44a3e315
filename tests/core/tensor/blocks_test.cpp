#include "tensor/blocks.hpp"

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include "support/catch.hpp"

using namespace motet::tensor;

namespace {

// A small float of `exponent_bits` and `mantissa_bits` as the double that IEEE 754 says it is.
double reference(std::uint16_t bits, int exponent_bits, int mantissa_bits) {
  const int bias = (1 << (exponent_bits - 1)) - 1;
  const int mantissa = bits & ((1 << mantissa_bits) - 1);
  const int exponent = (bits >> mantissa_bits) & ((1 << exponent_bits) - 1);
  const double sign = bits & 0x8000 ? -1.0 : 1.0;
  const double scale = std::ldexp(1.0, -mantissa_bits);
  if (exponent == (1 << exponent_bits) - 1) {
    return mantissa ? std::numeric_limits<double>::quiet_NaN() : sign * std::numeric_limits<double>::infinity();
  }
  if (exponent == 0) return sign * std::ldexp(mantissa * scale, 1 - bias);
  return sign * std::ldexp(1.0 + mantissa * scale, exponent - bias);
}

using FromBits = float (*)(std::uint16_t);
using ToBits = std::uint16_t (*)(float);

// The number of bit patterns that `from` reads as another number than the reference, or `to` does not give back.
int wrong_patterns(FromBits from, ToBits to, int exponent_bits, int mantissa_bits) {
  int wrong = 0;
  for (int bits = 0; bits < 0x10000; ++bits) {
    const auto half = static_cast<std::uint16_t>(bits);
    const double expected = reference(half, exponent_bits, mantissa_bits);
    const float got = from(half);
    if (std::isnan(expected)) {
      wrong += std::isnan(got) && std::isnan(from(to(got))) ? 0 : 1;
    } else {
      wrong += static_cast<double>(got) == expected && std::signbit(got) == std::signbit(expected) && to(got) == half
                   ? 0
                   : 1;
    }
  }
  return wrong;
}

// What rounding to nearest, ties to even, gives for a positive number: decided in double between neighbours.
std::uint16_t rounded(double value, int exponent_bits, int mantissa_bits) {
  const int infinity = ((1 << exponent_bits) - 1) << mantissa_bits;
  const auto value_of = [&](int bits) {  // the infinity's place is that of the next power of two
    if (bits == infinity) return std::ldexp(1.0, 1 << (exponent_bits - 1));
    return reference(static_cast<std::uint16_t>(bits), exponent_bits, mantissa_bits);
  };
  int low = 0, high = infinity;
  while (high - low > 1) {
    const int middle = (low + high) / 2;
    (value_of(middle) <= value ? low : high) = middle;
  }
  const double below = value - value_of(low), above = value_of(high) - value;
  if (below == above) return static_cast<std::uint16_t>(low % 2 == 0 ? low : high);
  return static_cast<std::uint16_t>(below < above ? low : high);
}

// Floats around every border between two neighbours, and random ones.
int wrong_roundings(ToBits to, int exponent_bits, int mantissa_bits) {
  int wrong = 0;
  const auto check = [&](float value) {
    if (!std::isfinite(value)) return;
    const std::uint16_t expected = rounded(static_cast<double>(value), exponent_bits, mantissa_bits);
    if (to(value) != expected || to(-value) != (expected | 0x8000)) ++wrong;
  };
  const int infinity = ((1 << exponent_bits) - 1) << mantissa_bits;
  for (int bits = 0; bits < infinity; ++bits) {
    const double here = reference(static_cast<std::uint16_t>(bits), exponent_bits, mantissa_bits);
    const double next = bits + 1 == infinity
                            ? std::ldexp(1.0, 1 << (exponent_bits - 1))
                            : reference(static_cast<std::uint16_t>(bits + 1), exponent_bits, mantissa_bits);
    const auto middle = static_cast<float>((here + next) / 2);
    check(middle);
    check(std::nextafterf(middle, 0.0f));
    check(std::nextafterf(middle, std::numeric_limits<float>::infinity()));
  }
  std::mt19937 random(7);
  for (int i = 0; i < 100'000; ++i) check(std::fabs(std::bit_cast<float>(static_cast<std::uint32_t>(random()))));
  return wrong;
}

}  // namespace

TEST_CASE("f16 and bf16 are read and given back, every bit pattern") {
  CHECK(wrong_patterns(from_f16, to_f16, 5, 10) == 0);
  CHECK(wrong_patterns(from_bf16, to_bf16, 8, 7) == 0);
}

TEST_CASE("f16 and bf16 round to nearest, ties to even") {
  CHECK(wrong_roundings(to_f16, 5, 10) == 0);
  CHECK(wrong_roundings(to_bf16, 8, 7) == 0);
  CHECK(to_f16(std::numeric_limits<float>::infinity()) == 0x7C00);
  CHECK(to_f16(-std::numeric_limits<float>::infinity()) == 0xFC00);
  CHECK(to_f16(65519.0f) == 0x7BFF);
  CHECK(to_f16(65520.0f) == 0x7C00);
  CHECK(std::isnan(from_f16(to_f16(std::numeric_limits<float>::quiet_NaN()))));
  CHECK(std::isnan(from_bf16(to_bf16(std::bit_cast<float>(0x7F800001u)))));  // a NaN whose payload is cut off
}

TEST_CASE("blocks are read as the format says") {
  std::mt19937 random(11);
  const auto any = [&](int below) { return static_cast<int>(random() % static_cast<unsigned>(below)); };
  for (int round = 0; round < 200; ++round) {
    const std::uint16_t scale = to_f16(static_cast<float>(any(2001) - 1000) / 77.0f);
    const std::uint16_t minimum = to_f16(static_cast<float>(any(2001) - 1000) / 33.0f);
    const double d = reference(scale, 5, 10), m = reference(minimum, 5, 10);
    BlockQ8_0 q8{scale, {}};
    BlockQ4_0 q40{scale, {}};
    BlockQ4_1 q41{scale, minimum, {}};
    std::vector<double> e8(32), e40(32), e41(32);
    for (std::size_t i = 0; i < 32; ++i) {
      const int value = any(256) - 128;
      q8.quants[i] = static_cast<std::int8_t>(value);
      e8[i] = d * value;
    }
    for (std::size_t i = 0; i < 16; ++i) {
      const int low = any(16), high = any(16);
      q40.quants[i] = q41.quants[i] = static_cast<std::uint8_t>(low | high << 4);
      e40[i] = d * (low - 8);
      e40[i + 16] = d * (high - 8);
      e41[i] = d * low + m;
      e41[i + 16] = d * high + m;
    }
    const auto check = [&](DType dtype, const auto& block, const std::vector<double>& expected) {
      // At an odd address: a reader must not assume more than the format promises.
      std::vector<unsigned char> bytes(1 + 2 * sizeof block);
      std::memcpy(bytes.data() + 1, &block, sizeof block);
      std::memcpy(bytes.data() + 1 + sizeof block, &block, sizeof block);
      std::vector<float> out(64);
      dequantise(dtype, bytes.data() + 1, out);
      for (std::size_t i = 0; i < 64; ++i) {
        CHECK(std::fabs(static_cast<double>(out[i]) - expected[i % 32]) <=
              1e-6 * (std::fabs(expected[i % 32]) + std::fabs(m)));
      }
    };
    check(DType::q8_0, q8, e8);
    check(DType::q4_0, q40, e40);
    check(DType::q4_1, q41, e41);
  }
}

TEST_CASE("plain floats of every width become f32") {
  const std::vector<float> values = {0.0f, -1.5f, 0.333251953125f, 65504.0f, -0.0f};
  std::vector<std::uint16_t> halves, brains;
  for (float value : values) {
    halves.push_back(to_f16(value));
    brains.push_back(to_bf16(value));
  }
  std::vector<float> out(values.size());
  dequantise(DType::f32, values.data(), out);
  CHECK(out == values);
  dequantise(DType::f16, halves.data(), out);
  CHECK(out == values);
  dequantise(DType::bf16, brains.data(), out);
  CHECK(out[1] == -1.5f);
  CHECK(out[2] == Catch::Approx(0.333251953125).epsilon(1.0 / 256));
}
