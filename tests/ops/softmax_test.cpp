#include <algorithm>
#include <cmath>

#include "ops/harness.hpp"

namespace motet::tests::ops {
namespace {

std::vector<Numbers> reference(const Case& test) {
  const auto width = static_cast<std::size_t>(test.operands[0].tensor.shape()[-1]);
  Numbers y = numbers(test.operands[0].tensor);
  for (std::size_t row = 0; width > 0 && row < y.size(); row += width) {
    const double most = *std::max_element(y.begin() + static_cast<std::ptrdiff_t>(row),
                                          y.begin() + static_cast<std::ptrdiff_t>(row + width));
    double sum = 0;
    for (std::size_t i = 0; i < width; ++i) sum += y[row + i] = std::exp(y[row + i] - most);
    for (std::size_t i = 0; i < width; ++i) y[row + i] /= sum;
  }
  return {y};
}

}  // namespace

TEST_CASE("softmax: over the last dimension") {
  Data data;
  for (const Shape& shape : {Shape{1}, Shape{5, 3}, Shape{2, 7, 457}, Shape{3, 10007}, Shape{0, 4}, Shape{17, 1}}) {
    check({"softmax", {}, {data.floats(shape, -8, 8)}}, reference);
  }
  check({"softmax", {}, {floats({2, 3}, {1000, 1001, 999, -1000, -1000, -1200})}}, reference);
  check({"softmax", {}, {floats({1, 3}, {0, -INFINITY, 1})}}, reference);
}

}  // namespace motet::tests::ops
