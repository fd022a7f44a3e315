#include <cmath>
#include <limits>

#include "ops/harness.hpp"

namespace motet::tests::ops {
namespace {

using Pair = std::vector<std::int64_t>;

std::vector<Numbers> reference(const Case& test) {
  const Shape& shape = test.operands[0].tensor.shape();
  const Numbers x = numbers(test.operands[0].tensor);
  const auto along = [&](const Pair& list, std::size_t axis) { return list.size() == 2 ? list[axis] : list[0]; };
  const Pair& sizes = test.attributes.integers("size");
  const Pair& strides = test.attributes.integers("stride").empty() ? sizes : test.attributes.integers("stride");
  const Pair& paddings = test.attributes.integers("padding");
  const bool max = test.attributes.string("fn") == "max";
  const bool count_padding = test.attributes.integer("count_padding") != 0;
  std::int64_t steps[2];
  for (std::size_t a = 0; a < 2; ++a) {
    steps[a] = (shape[static_cast<int>(a) + 1] + 2 * along(paddings, a) - along(sizes, a)) / along(strides, a) + 1;
  }
  Numbers y;
  for (std::int64_t at = 0; at < shape[0] * steps[0] * steps[1] * shape[3]; ++at) {
    const std::int64_t i = at % shape[3], c = at / shape[3] % steps[1], r = at / shape[3] / steps[1] % steps[0];
    const std::int64_t b = at / shape[3] / steps[1] / steps[0];
    double sum = 0, largest = -std::numeric_limits<double>::infinity();
    int count = 0;
    for (std::int64_t ky = 0; ky < along(sizes, 0); ++ky) {
      for (std::int64_t kx = 0; kx < along(sizes, 1); ++kx) {
        const std::int64_t row = r * along(strides, 0) + ky - along(paddings, 0);
        const std::int64_t column = c * along(strides, 1) + kx - along(paddings, 1);
        const bool inside = row >= 0 && row < shape[1] && column >= 0 && column < shape[2];
        count += inside || count_padding;
        if (!inside) continue;
        const double element = x[static_cast<std::size_t>(((b * shape[1] + row) * shape[2] + column) * shape[3] + i)];
        sum += element;
        largest = std::max(largest, element);
      }
    }
    y.push_back(max ? largest : sum / count);
  }
  return {y};
}

Case pooling(const char* fn, HostTensor x, Pair size, Pair stride = {}, Pair padding = {0}, bool count = false) {
  return {"pooling",
          attributes({{"fn", std::string(fn)},
                      {"size", std::move(size)},
                      {"stride", std::move(stride)},
                      {"padding", std::move(padding)},
                      {"count_padding", std::int64_t{count}}}),
          {std::move(x)}};
}

}  // namespace

TEST_CASE("pooling: maxima and means, side by side or overlapping, with padding or without") {
  Data data;
  for (const char* fn : {"max", "mean"}) {
    INFO(fn);
    check(pooling(fn, data.floats({2, 12, 10, 37}, -3, 1), {2}), reference);
    check(pooling(fn, data.floats({1, 13, 17, 5}, -3, 1), {3}, {2}, {1}), reference);
    check(pooling(fn, data.floats({1, 7, 31, 3}, -3, 1), {2, 5}, {1, 3}, {1, 4}), reference);
    check(pooling(fn, data.floats({1, 1, 1, 1}, 1, 2), {1}), reference);
    check(pooling(fn, data.floats({1, 1, 1, 3}, 1, 2), {3}, {1}, {2}), reference);
    check(pooling(fn, data.floats({3, 7, 7, 64}, -3, 1), {7}), reference);
    check(pooling(fn, data.floats({0, 7, 7, 4}), {3}), reference);
    check(pooling(fn, data.floats({1, 7, 7, 0}), {3}), reference);
    check(pooling(fn, data.floats({1, 131, 67, 8}, -3, 1), {3}, {1}, {1}), reference);
  }
}

TEST_CASE("pooling: a mean may count the padding") {
  Data data;
  check(pooling("mean", data.floats({2, 9, 8, 5}, 1, 2), {3}, {2}, {1}, true), reference);
  check(pooling("mean", floats({1, 2, 2, 1}, {4, 8, 12, 16}), {2}, {2}, {1}, true),
        [](const Case&) { return std::vector<Numbers>{{1, 2, 3, 4}}; });
  check(pooling("mean", floats({1, 2, 2, 1}, {4, 8, 12, 16}), {2}, {2}, {1}, false),
        [](const Case&) { return std::vector<Numbers>{{4, 8, 12, 16}}; });
}

TEST_CASE("pooling: padding is in no maximum, though all be below zero") {
  check(pooling("max", floats({1, 2, 2, 1}, {-4, -8, -12, -16}), {3}, {3}, {1}),
        [](const Case&) { return std::vector<Numbers>{{-4}}; });
}

TEST_CASE("pooling: the largest windows") {
  Data data;
  for (const char* fn : {"max", "mean"}) {
    check(pooling(fn, data.floats({1, 173, 173, 1}, 1, 2), {173}), reference);
    check(pooling(fn, data.floats({1, 151, 203, 2}, 1, 2), {150, 200}, {1}), reference);
  }
}

TEST_CASE("pooling: what is refused") {
  const program::OpDef& op = *program::find_op("pooling");
  const auto refusal = [&](const Shape& x, const Case& test) -> std::string {
    const TensorType type{DType::f32, x};
    const TensorType* const operand = &type;
    try {
      op.output_types({&operand, 1}, op.complete(test.attributes));
      return "";
    } catch (const program::OpError& error) {
      return error.what();
    }
  };
  CHECK(refusal({1, 9, 9, 4}, pooling("max", {}, {2}, {1}, {2})) == "padding must be smaller than the window");
  CHECK(refusal({1, 0, 9, 4}, pooling("max", {}, {2}, {1}, {1})) == "x [1, 0, 9, 4] has no positions");
  CHECK(refusal({1, 2, 9, 4}, pooling("max", {}, {3})) == "x [1, 2, 9, 4] has 2 rows, the window needs 3 or more");
  CHECK(refusal({1, 300, 300, 4}, pooling("mean", {}, {200})) ==
        "a window of 40000 elements, at most 30000 are possible; a mean or maximum over all positions is a reduce");
  CHECK(refusal({1, 2, 9, 4}, pooling("max", {}, {})) == "size wants one number, or two: height and width");
}

}  // namespace motet::tests::ops
