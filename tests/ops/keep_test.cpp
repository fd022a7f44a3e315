#include <algorithm>
#include <cmath>

#include "ops/harness.hpp"

namespace motet::tests::ops {
namespace {

std::vector<Numbers> reference(const Case& test) {
  const Shape& shape = test.operands[0].tensor.shape();
  const Shape& kept_shape = test.operands[2].tensor.shape();
  const Numbers x = numbers(test.operands[0].tensor);
  const Numbers row = numbers(test.operands[1].tensor);
  Numbers kept = numbers(test.operands[2].tensor);
  const auto run = static_cast<std::size_t>(shape.elements() / shape[0]);
  const auto capacity = static_cast<std::size_t>(kept_shape.elements() / kept_shape[0]);
  for (std::size_t b = 0; b < row.size(); ++b) {
    if (row[b] < 0 || row[b] >= static_cast<double>(kept_shape[0])) continue;
    for (std::size_t i = 0; i < run; ++i) kept[static_cast<std::size_t>(row[b]) * capacity + i] = x[b * run + i];
  }
  return {kept};
}

}  // namespace

TEST_CASE("keep: writes the given rows and leaves the others") {
  Data data;
  check({"keep", {}, {data.floats({2, 5, 3}), integers({3, 0}), {data.floats({4, 7, 3}), Region::kept}}}, reference);
  check({"keep", {}, {data.floats({3, 7, 8, 36}), integers({1, -1, 9}), {data.floats({4, 7, 8, 36}), Region::kept}}},
        reference);
  check({"keep", {}, {data.integers({1, 1}, -9, 9), integers({0}), {data.integers({1, 3}, -9, 9), Region::kept}}},
        reference);
}

}  // namespace motet::tests::ops
