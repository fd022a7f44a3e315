#include <algorithm>
#include <cmath>

#include "ops/harness.hpp"

namespace motet::tests::ops {
namespace {

std::vector<Numbers> reference(const Case& test) {
  const auto width = static_cast<std::size_t>(test.operands[0].tensor.shape()[-1]);
  Numbers y = numbers(test.operands[0].tensor);
  const Numbers weight = numbers(test.operands[1].tensor);
  const Numbers bias = numbers(test.operands[2].tensor);
  for (std::size_t row = 0; width > 0 && row < y.size(); row += width) {
    double mean = 0;
    for (std::size_t i = 0; i < width; ++i) mean += y[row + i];
    mean /= static_cast<double>(width);
    double variance = 0;
    for (std::size_t i = 0; i < width; ++i) variance += (y[row + i] - mean) * (y[row + i] - mean);
    variance /= static_cast<double>(width);
    for (std::size_t i = 0; i < width; ++i) {
      double& value = y[row + i];
      value = (value - mean) / std::sqrt(variance + test.attributes.number("eps"));
      if (!weight.empty()) value *= weight[i];
      if (!bias.empty()) value += bias[i];
    }
  }
  return {y};
}

}  // namespace

TEST_CASE("layer_norm: with and without weight and bias") {
  Data data;
  const Attributes given = attributes({{"eps", 1e-5}});
  for (const Shape& shape : {Shape{1, 2}, Shape{3, 7}, Shape{1, 457, 288}, Shape{5, 1021}, Shape{0, 16}, Shape{64}}) {
    const HostTensor x = data.floats(shape, -2, 3);
    const Operand weight(data.floats({shape[-1]}), Region::weight);
    const Operand bias(data.floats({shape[-1]}), Region::weight);
    check({"layer_norm", given, {x, weight, bias}}, reference);
    check({"layer_norm", given, {x, weight, Operand()}}, reference);
    check({"layer_norm", given, {x, Operand(), Operand()}}, reference);
    check({"layer_norm", given, {x, Operand(), bias}}, reference);
  }
}

TEST_CASE("layer_norm: a row of equal elements is its bias") {
  Data data;
  check({"layer_norm", attributes({{"eps", 1e-5}}), {floats({2, 3}, {4, 4, 4, -1, -1, -1}), Operand(), Operand()}},
        reference);
  check({"layer_norm", attributes({{"eps", 1e-5}}), {floats({1, 1}, {9}), Operand(), data.floats({1})}}, reference);
}

TEST_CASE("layer_norm: a mean far from zero does not hide the variance") {
  Data data;
  // The mean of 288 floats near 100 is known to about 1e-7 of itself, and so is each difference from it.
  check({"layer_norm", attributes({{"eps", 1e-5}}), {data.floats({7, 288}, 99, 101), Operand(), Operand()}}, reference,
        {1e-9, 1e-9, 1e-6});
}

}  // namespace motet::tests::ops
