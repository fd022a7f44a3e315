#include <algorithm>
#include <cmath>

#include "ops/harness.hpp"

namespace motet::tests::ops {
namespace {

std::vector<Numbers> reference(const Case& test) {
  const auto width = static_cast<std::ptrdiff_t>(test.operands[0].tensor.shape()[-1]);
  const Numbers x = numbers(test.operands[0].tensor);
  Numbers y;
  for (auto row = x.begin(); row != x.end(); row += width) {
    y.push_back(static_cast<double>(std::max_element(row, row + width) - row));
  }
  return {y};
}

}  // namespace

TEST_CASE("argmax: the lowest index of the largest") {
  Data data;
  for (const Shape& shape : {Shape{1}, Shape{5, 3}, Shape{4, 32768}, Shape{2, 3, 1009}, Shape{0, 4}, Shape{7, 1}}) {
    check({"argmax", {}, {data.floats(shape)}}, reference);
  }
  check({"argmax", {}, {floats({3, 4}, {1, 3, 3, 2, -1, -1, -1, -1, 0, -5, 0, 0.5f})}}, reference);
  HostTensor equal(DType::f32, {2, 5000});
  equal.as<float>()[4999] = equal.as<float>()[77] = 1;
  check({"argmax", {}, {equal}}, reference);
}

}  // namespace motet::tests::ops
