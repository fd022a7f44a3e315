#include <algorithm>
#include <cmath>

#include "ops/harness.hpp"

namespace motet::tests::ops {
namespace {

std::vector<Numbers> reference(const Case& test) {
  const Numbers table = numbers(test.operands[0].tensor);
  const Numbers ids = numbers(test.operands[1].tensor);
  const std::int64_t rows = test.operands[0].tensor.shape()[0];
  const std::int64_t width = test.operands[0].tensor.shape()[1];
  Numbers y;
  for (double id : ids) {
    for (std::int64_t i = 0; i < width; ++i) {
      const bool inside = id >= 0 && id < static_cast<double>(rows);
      y.push_back(inside ? table[static_cast<std::size_t>(static_cast<std::int64_t>(id) * width + i)] : 0);
    }
  }
  return {y};
}

}  // namespace

TEST_CASE("embedding: rows of every type, ids outside give zeros") {
  Data data;
  for (const DType dtype : {DType::f32, DType::f16, DType::bf16, DType::q8_0, DType::q4_0, DType::q4_1, DType::q5_0,
                            DType::q5_1, DType::q4_K, DType::q5_K, DType::q6_K}) {
    const Shape shape{37, tensor::info(dtype).block_elements == 256 ? 512 : 96};
    const HostTensor table = dtype == DType::f32 ? data.floats(shape) : data.packed(dtype, shape);
    check({"embedding", {}, {{table, Region::weight}, data.integers({2, 7}, -3, 40)}}, reference);
    check({"embedding", {}, {{table, Region::weight}, integers({36})}}, reference);
    check({"embedding", {}, {{table, Region::weight}, integers({-1, 37, 2147483647, -2147483647 - 1})}}, reference);
  }
  check({"embedding", {}, {{data.floats({5, 1}), Region::weight}, data.integers({13}, 0, 4)}}, reference);
  check({"embedding", {}, {data.floats({5, 3}), data.integers({0}, 0, 4)}}, reference);
}

}  // namespace motet::tests::ops
