#include "ops/harness.hpp"

namespace motet::tests::ops {
namespace {

std::vector<Numbers> reference(const Case& test) {
  Numbers y = numbers(test.operands[0].tensor);
  const Numbers index = numbers(test.operands[1].tensor);
  const Numbers updates = numbers(test.operands[2].tensor);
  const std::int64_t rows = test.operands[0].tensor.shape()[0];
  const std::size_t width = index.empty() ? 0 : updates.size() / index.size();
  for (std::size_t n = 0; n < index.size(); ++n) {
    if (index[n] < 0 || index[n] >= static_cast<double>(rows)) continue;
    for (std::size_t i = 0; i < width; ++i) y[static_cast<std::size_t>(index[n]) * width + i] += updates[n * width + i];
  }
  return {y};
}

}  // namespace

TEST_CASE("scatter_add: repeated indices add up, one outside adds nothing") {
  Data data;
  check({"scatter_add", {}, {data.floats({9, 5, 7}), data.integers({23}, -2, 10), data.floats({23, 5, 7})}}, reference);
  check({"scatter_add", {}, {data.floats({101, 3}), data.integers({257}, 0, 100), data.floats({257, 3})}}, reference);
  check({"scatter_add", {}, {data.floats({1}), integers({0, 1, -1, 0}), data.floats({4})}}, reference);
  check({"scatter_add", {}, {data.floats({4, 576}), data.integers({0}, 0, 3), data.floats({0, 576})}}, reference);
  check({"scatter_add", {}, {data.floats({0, 3}), data.integers({5}, 0, 3), data.floats({5, 3})}}, reference);
}

TEST_CASE("scatter_add: all updates of one row, and more than are listed at a time") {
  Data data;
  check({"scatter_add", {}, {data.floats({3, 17}), data.integers({700}, 1, 1), data.floats({700, 17}, 0, 1)}},
        reference);
  check({"scatter_add", {}, {data.floats({50, 2}), data.integers({9001}, 0, 49), data.floats({9001, 2})}}, reference);
}

}  // namespace motet::tests::ops
