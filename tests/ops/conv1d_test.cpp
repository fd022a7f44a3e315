#include <cmath>

#include "ops/harness.hpp"

namespace motet::tests::ops {
namespace {

struct Geometry {
  std::int64_t stride = 1, padding = 0, dilation = 1, groups = 1;
};

std::vector<Numbers> reference(const Case& test) {
  const Shape& x_shape = test.operands[0].tensor.shape();
  const Shape& w_shape = test.operands[1].tensor.shape();
  const Numbers x = numbers(test.operands[0].tensor);
  const Numbers w = numbers(test.operands[1].tensor);
  const Numbers bias = numbers(test.operands[2].tensor);
  const auto given = [&](const char* key) { return test.attributes.integer(key); };
  const std::int64_t reach = given("dilation") * (w_shape[2] - 1) + 1;
  const std::int64_t steps = (x_shape[1] + 2 * given("padding") - reach) / given("stride") + 1;
  const std::int64_t columns = w_shape[0] / given("groups");
  Numbers y;
  for (std::int64_t b = 0; b < x_shape[0]; ++b) {
    for (std::int64_t t = 0; t < steps; ++t) {
      for (std::int64_t o = 0; o < w_shape[0]; ++o) {
        double sum = bias.empty() ? 0 : bias[static_cast<std::size_t>(o)];
        for (std::int64_t k = 0; k < w_shape[2]; ++k) {
          const std::int64_t at = t * given("stride") + k * given("dilation") - given("padding");
          if (at < 0 || at >= x_shape[1]) continue;
          for (std::int64_t i = 0; i < w_shape[1]; ++i) {
            const std::int64_t channel = o / columns * w_shape[1] + i;
            sum += x[static_cast<std::size_t>((b * x_shape[1] + at) * x_shape[2] + channel)] *
                   w[static_cast<std::size_t>((o * w_shape[1] + i) * w_shape[2] + k)];
          }
        }
        y.push_back(sum);
      }
    }
  }
  return {y};
}

Case conv1d(HostTensor x, HostTensor w, Operand bias, Geometry g, Region region = Region::weight) {
  return {"conv1d",
          attributes({{"stride", g.stride}, {"padding", g.padding}, {"dilation", g.dilation}, {"groups", g.groups}}),
          {std::move(x), {std::move(w), region}, std::move(bias)}};
}

}  // namespace

TEST_CASE("conv1d: kernels longer and shorter than the stride") {
  Data data;
  for (const std::int64_t stride : {1, 2, 3, 5, 64}) {
    check(conv1d(data.floats({1, 133, 5}), data.floats({7, 5, 7}), data.floats({7}), {stride}), reference);
    check(conv1d(data.floats({2, 129, 1}), data.floats({36, 1, 127}), Operand(), {stride}), reference);
    check(conv1d(data.floats({1, 64, 3}), data.floats({1, 3, 1}), Operand(), {stride}), reference);
  }
  check(conv1d(data.floats({1, 1, 1}), data.floats({1, 1, 1}), Operand(), {}), reference);
}

TEST_CASE("conv1d: the stem of Moonshine, shortened") {
  Data data;
  check(conv1d(data.floats({1, 8000, 1}), data.floats({288, 1, 127}), Operand(), {64}), reference);
  check(conv1d(data.floats({1, 61, 288}), data.floats({57, 288, 7}), data.floats({57}), {3}), reference);
}

TEST_CASE("conv1d: padding, dilation and groups") {
  Data data;
  check(conv1d(data.floats({2, 17, 4}), data.floats({6, 4, 3}), data.floats({6}), {1, 1}), reference);
  check(conv1d(data.floats({1, 200, 3}), data.floats({5, 3, 3}), data.floats({5}), {2, 1}), reference);
  check(conv1d(data.floats({1, 31, 6}), data.floats({9, 2, 3}), data.floats({9}), {2, 2, 3, 3}), reference);
  check(conv1d(data.floats({2, 300, 8}), data.floats({8, 1, 5}), Operand(), {1, 2, 1, 8}), reference);
  check(conv1d(data.floats({1, 2, 1}), data.floats({1, 1, 5}), data.floats({1}), {1, 2}), reference);
  check(conv1d(data.floats({1, 40, 3}), data.floats({2, 3, 4}), Operand(), {3, 0, 2}), reference);
}

TEST_CASE("conv1d: weights that are an input") {
  Data data;
  check(conv1d(data.floats({1, 50, 3}), data.floats({5, 3, 3}), data.floats({5}), {2}, Region::input), reference);
  check(conv1d(data.floats({1, 50, 4}), data.floats({6, 2, 3}), Operand(), {1, 1, 1, 2}, Region::input), reference);
}

}  // namespace motet::tests::ops
