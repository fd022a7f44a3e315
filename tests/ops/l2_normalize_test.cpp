#include <algorithm>
#include <cmath>

#include "ops/harness.hpp"

namespace motet::tests::ops {
namespace {

std::vector<Numbers> reference(const Case& test) {
  const auto width = static_cast<std::size_t>(test.operands[0].tensor.shape()[-1]);
  Numbers y = numbers(test.operands[0].tensor);
  for (std::size_t row = 0; width > 0 && row < y.size(); row += width) {
    double squares = 0;
    for (std::size_t i = 0; i < width; ++i) squares += y[row + i] * y[row + i];
    for (std::size_t i = 0; i < width; ++i) y[row + i] /= std::max(std::sqrt(squares), test.attributes.number("eps"));
  }
  return {y};
}

}  // namespace

TEST_CASE("l2_normalize: over the last dimension, zeros stay zeros") {
  Data data;
  const Attributes given = attributes({{"eps", 1e-12}});
  for (const Shape& shape : {Shape{1}, Shape{32, 384}, Shape{3, 7, 13}, Shape{0, 4}}) {
    check({"l2_normalize", given, {data.floats(shape)}}, reference);
  }
  check({"l2_normalize", given, {HostTensor(DType::f32, {2, 9})}}, reference);
}

}  // namespace motet::tests::ops
