#include <algorithm>
#include <cmath>

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
