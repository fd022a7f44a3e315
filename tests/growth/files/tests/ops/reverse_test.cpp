#include <algorithm>

#include "ops/harness.hpp"

namespace motet::tests::ops {
namespace {

std::vector<Numbers> reference(const Case& test) {
  const auto width = test.operands[0].tensor.shape()[-1];
  Numbers y = numbers(test.operands[0].tensor);
  for (auto row = y.begin(); row != y.end(); row += width) std::reverse(row, row + width);
  return {y};
}

}  // namespace

TEST_CASE("reverse: the last dimension from its end") {
  Data data;
  for (const Shape& shape : {Shape{1}, Shape{5, 1}, Shape{3, 7, 13}, Shape{2, 1031}}) {
    check({"reverse", {}, {data.floats(shape)}}, reference);
  }
}

}  // namespace motet::tests::ops
