#include <algorithm>
#include <cmath>

#include "ops/harness.hpp"

namespace motet::tests::ops {
namespace {

std::vector<Numbers> reference(const Case& test) {
  const auto width = static_cast<std::size_t>(test.operands[0].tensor.shape()[-1]);
  const auto k = static_cast<std::ptrdiff_t>(test.attributes.integer("k"));
  const Numbers x = numbers(test.operands[0].tensor);
  Numbers values;
  Numbers indices;
  for (std::size_t row = 0; row < x.size(); row += width) {
    std::vector<std::size_t> order(width);
    for (std::size_t i = 0; i < width; ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return x[row + a] > x[row + b]; });
    for (std::ptrdiff_t i = 0; i < k; ++i) {
      values.push_back(x[row + order[static_cast<std::size_t>(i)]]);
      indices.push_back(static_cast<double>(order[static_cast<std::size_t>(i)]));
    }
  }
  return {values, indices};
}

Case top_k(std::int64_t k, HostTensor x) { return {"top_k", attributes({{"k", k}}), {std::move(x)}}; }

}  // namespace

TEST_CASE("top_k: largest first, lower index first among equals") {
  Data data;
  check(top_k(1, data.floats({1})), reference);
  check(top_k(5, data.floats({3, 5})), reference);
  check(top_k(7, data.floats({2, 3, 1009})), reference);
  check(top_k(50, data.floats({1, 10007})), reference);
  check(top_k(3, data.floats({0, 4})), reference);
  check(top_k(4, floats({2, 6}, {1, 2, 2, 1, 2, 0, -1, -1, -1, -1, -1, -1})), reference);
}

}  // namespace motet::tests::ops
