#include <cmath>

#include "ops/harness.hpp"

namespace motet::tests::ops {
namespace {

std::vector<Numbers> reference(const Case& test) {
  const Shape& a_shape = test.operands[0].tensor.shape();
  const Shape& b_shape = test.operands[1].tensor.shape();
  const bool transpose = test.attributes.integer("transpose_b") != 0;
  const Numbers a = numbers(test.operands[0].tensor);
  const Numbers b = numbers(test.operands[1].tensor);
  const std::int64_t k = a_shape[-1];
  const std::int64_t n = b_shape[transpose ? -2 : -1];
  const auto leading = [](const Shape& shape) {
    return Shape(shape.sizes().first(static_cast<std::size_t>(shape.rank() - 2)));
  };
  const bool shared = b_shape.rank() == 2;
  const std::int64_t m = shared ? (k == 0 ? a_shape[0] : a_shape.elements() / k) : a_shape[-2];
  const Shape products = shared ? Shape{} : program::broadcast(leading(a_shape), leading(b_shape));
  Numbers y;
  for (std::size_t p = 0; p < static_cast<std::size_t>(products.elements()); ++p) {
    const double* left =
        a.data() + (shared ? 0 : broadcast_index(leading(a_shape), products, p) * static_cast<std::size_t>(m * k));
    const double* right =
        b.data() + (shared ? 0 : broadcast_index(leading(b_shape), products, p) * static_cast<std::size_t>(k * n));
    for (std::int64_t i = 0; i < m; ++i) {
      for (std::int64_t j = 0; j < n; ++j) {
        double sum = 0;
        for (std::int64_t x = 0; x < k; ++x) sum += left[i * k + x] * right[transpose ? j * k + x : x * n + j];
        y.push_back(sum);
      }
    }
  }
  return {y};
}

Case matmul(HostTensor a, HostTensor b, bool transpose, Region region = Region::weight) {
  return {"matmul", attributes({{"transpose_b", std::int64_t{transpose}}}), {std::move(a), {std::move(b), region}}};
}

}  // namespace

TEST_CASE("matmul: few rows and many, both orders of b") {
  Data data;
  for (const std::int64_t m : {1, 2, 3, 4, 5, 7, 8, 9, 17, 67}) {
    for (const auto& [n, k] : {std::pair{1, 1}, {7, 13}, {288, 36}, {101, 257}, {64, 1152}}) {
      check(matmul(data.floats({m, k}), data.floats({n, k}), true), reference);
      check(matmul(data.floats({m, k}), data.floats({k, n}), false), reference);
    }
  }
}

TEST_CASE("matmul: more rows and columns than a tile") {
  Data data;
  check(matmul(data.floats({1, 131, 48}), data.floats({1153, 48}), true), reference);
  check(matmul(data.floats({457, 36}), data.floats({36, 300}), false), reference);
  // Constant weights are packed where there are many rows, inputs are not.
  for (const std::int64_t m : {63, 64, 65, 513}) {
    check(matmul(data.floats({m, 37}), data.floats({101, 37}), true), reference);
    check(matmul(data.floats({m, 37}), data.floats({37, 101}), false), reference);
    check(matmul(data.floats({m, 37}), data.floats({101, 37}), true, Region::input), reference);
  }
}

TEST_CASE("matmul: nothing to add, nothing to write") {
  Data data;
  for (const std::int64_t m : {1, 20}) {
    check(matmul(data.floats({m, 0}), data.floats({5, 0}), true, Region::input), reference);
    check(matmul(data.floats({m, 3}), data.floats({3, 0}), false, Region::input), reference);
  }
  check(matmul(data.floats({0, 3}), data.floats({5, 3}), true), reference);
  check(matmul(data.floats({3}), data.floats({5, 3}), true), reference);
}

TEST_CASE("matmul: batches broadcast") {
  Data data;
  check(matmul(data.floats({2, 3, 5, 7}), data.floats({3, 7, 11}), false, Region::input), reference);
  check(matmul(data.floats({2, 1, 17, 7}), data.floats({1, 3, 9, 7}), true, Region::input), reference);
  check(matmul(data.floats({5, 7}), data.floats({4, 7, 3}), false, Region::input), reference);
  check(matmul(data.floats({3, 33, 16}), data.floats({3, 16, 33}), false, Region::input), reference);
  check(matmul(data.floats({2, 0, 4}), data.floats({2, 4, 3}), false, Region::input), reference);
}

TEST_CASE("matmul: quantised and half weights") {
  Data data;
  for (const DType dtype : {DType::q8_0, DType::q4_0, DType::q4_1, DType::f16, DType::bf16}) {
    for (const std::int64_t m : {1, 2, 3, 4, 5, 8, 9, 31, 130}) {
      check(matmul(data.floats({m, 96}), data.packed(dtype, {67, 96}), true), reference);
    }
    check(matmul(data.floats({1, 576}), data.packed(dtype, {1000, 576}), true), reference);
    check(matmul(data.floats({6, 1536}), data.packed(dtype, {9, 1536}), true), reference);
    check(matmul(data.floats({2, 5, 32}), data.packed(dtype, {1, 32}), true), reference);
  }
  for (const DType dtype : {DType::q5_0, DType::q5_1}) {
    for (const std::int64_t m : {1, 2, 3, 5, 9, 33, 130})
      check(matmul(data.floats({m, 96}), data.packed(dtype, {67, 96}), true), reference);
    check(matmul(data.floats({2, 5, 32}), data.packed(dtype, {1, 32}), true), reference);
  }
  for (const DType dtype : {DType::q4_K, DType::q5_K, DType::q6_K}) {
    for (const std::int64_t m : {1, 2, 3, 5, 9, 32, 33, 130})
      check(matmul(data.floats({m, 512}), data.packed(dtype, {67, 512}), true), reference);
    check(matmul(data.floats({2, 5, 256}), data.packed(dtype, {1, 256}), true), reference);
    check(matmul(data.floats({1, 768}), data.packed(dtype, {1000, 768}), true), reference);
  }
  for (const std::int64_t m : {1, 12}) {
    check(matmul(data.floats({m, 37}), data.packed(DType::f16, {11, 37}), true), reference);
    check(matmul(data.floats({m, 37}), data.packed(DType::bf16, {11, 37}), true), reference);
  }
}

}  // namespace motet::tests::ops
