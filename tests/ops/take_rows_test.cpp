#include <algorithm>
#include <cmath>

#include "ops/harness.hpp"

namespace motet::tests::ops {
namespace {

std::vector<Numbers> reference(const Case& test) {
  const Numbers x = numbers(test.operands[0].tensor);
  const std::int64_t rows = test.operands[0].tensor.shape()[0];
  const std::int64_t width = rows == 0 ? 0 : elements(test.operands[0]) / rows;
  Numbers y;
  for (double index : numbers(test.operands[1].tensor)) {
    for (std::int64_t i = 0; i < width; ++i) {
      const bool inside = index >= 0 && index < static_cast<double>(rows);
      y.push_back(inside ? x[static_cast<std::size_t>(static_cast<std::int64_t>(index) * width + i)] : 0);
    }
  }
  return {y};
}

}  // namespace

TEST_CASE("take_rows: an index outside gives zeros") {
  Data data;
  check({"take_rows", {}, {data.floats({9, 5, 7}), data.integers({23}, -2, 10)}}, reference);
  check({"take_rows", {}, {data.integers({9, 3}, -5, 5), data.integers({4}, 0, 8)}}, reference);
  check({"take_rows", {}, {data.floats({1}), integers({0, 1, -1})}}, reference);
  check({"take_rows", {}, {data.floats({4, 576}), data.integers({0}, 0, 3)}}, reference);
}

}  // namespace motet::tests::ops
