#include <algorithm>
#include <cmath>

#include "ops/harness.hpp"

namespace motet::tests::ops {
namespace {

std::vector<Numbers> reference(const Case& test) {
  const auto width = static_cast<std::size_t>(test.operands[0].tensor.shape()[-1]);
  Numbers y = numbers(test.operands[0].tensor);
  const Numbers weight = numbers(test.operands[1].tensor);
  for (std::size_t row = 0; width > 0 && row < y.size(); row += width) {
    double squares = 0;
    for (std::size_t i = 0; i < width; ++i) squares += y[row + i] * y[row + i];
    const double root = std::sqrt(squares / static_cast<double>(width) + test.attributes.number("eps"));
    for (std::size_t i = 0; i < width; ++i) y[row + i] = y[row + i] / root * (weight.empty() ? 1 : weight[i]);
  }
  return {y};
}

}  // namespace

TEST_CASE("rms_norm: with and without weight") {
  Data data;
  const Attributes given = attributes({{"eps", 1e-5}});
  for (const Shape& shape : {Shape{1, 1}, Shape{3, 7}, Shape{128, 576}, Shape{5, 1021}, Shape{0, 16}, Shape{64}}) {
    const HostTensor x = data.floats(shape, -2, 3);
    check({"rms_norm", given, {x, {data.floats({shape[-1]}), Region::weight}}}, reference);
    check({"rms_norm", given, {x, Operand()}}, reference);
  }
  check({"rms_norm", given, {HostTensor(DType::f32, {2, 5}), Operand()}}, reference);
}

}  // namespace motet::tests::ops
