#include <cmath>

#include "ops/harness.hpp"

namespace motet::tests::ops {
namespace {

using Pair = std::vector<std::int64_t>;

struct Geometry {
  Pair stride{1}, padding{0}, dilation{1};
  std::int64_t groups = 1;
};

std::vector<Numbers> reference(const Case& test) {
  const Shape& xs = test.operands[0].tensor.shape();
  const Shape& ws = test.operands[1].tensor.shape();
  const Numbers x = numbers(test.operands[0].tensor);
  const Numbers w = numbers(test.operands[1].tensor);
  const Numbers bias = numbers(test.operands[2].tensor);
  const auto along = [&](const char* key, std::size_t axis) {
    const Pair& list = test.attributes.integers(key);
    return list.size() == 2 ? list[axis] : list[0];
  };
  std::int64_t steps[2];
  for (std::size_t axis = 0; axis < 2; ++axis) {
    const std::int64_t reach = along("dilation", axis) * (ws[static_cast<int>(axis) + 2] - 1) + 1;
    steps[axis] = (xs[static_cast<int>(axis) + 1] + 2 * along("padding", axis) - reach) / along("stride", axis) + 1;
  }
  const std::int64_t columns = ws[0] / test.attributes.integer("groups");
  Numbers y;
  for (std::int64_t at = 0; at < xs[0] * steps[0] * steps[1] * ws[0]; ++at) {
    const std::int64_t o = at % ws[0], c = at / ws[0] % steps[1], r = at / ws[0] / steps[1] % steps[0];
    const std::int64_t b = at / ws[0] / steps[1] / steps[0];
    double sum = bias.empty() ? 0 : bias[static_cast<std::size_t>(o)];
    for (std::int64_t ky = 0; ky < ws[2]; ++ky) {
      for (std::int64_t kx = 0; kx < ws[3]; ++kx) {
        const std::int64_t row = r * along("stride", 0) + ky * along("dilation", 0) - along("padding", 0);
        const std::int64_t column = c * along("stride", 1) + kx * along("dilation", 1) - along("padding", 1);
        if (row < 0 || row >= xs[1] || column < 0 || column >= xs[2]) continue;
        for (std::int64_t i = 0; i < ws[1]; ++i) {
          const std::int64_t channel = o / columns * ws[1] + i;
          sum += x[static_cast<std::size_t>(((b * xs[1] + row) * xs[2] + column) * xs[3] + channel)] *
                 w[static_cast<std::size_t>(((o * ws[1] + i) * ws[2] + ky) * ws[3] + kx)];
        }
      }
    }
    y.push_back(sum);
  }
  return {y};
}

Case conv2d(HostTensor x, HostTensor w, Operand bias, const Geometry& g = {}, Region region = Region::weight) {
  return {"conv2d",
          attributes({{"stride", g.stride}, {"padding", g.padding}, {"dilation", g.dilation}, {"groups", g.groups}}),
          {std::move(x), {std::move(w), region}, std::move(bias)}};
}

}  // namespace

TEST_CASE("conv2d: strides and paddings, with and without bias") {
  Data data;
  for (const std::int64_t stride : {1, 2, 5}) {
    for (const std::int64_t padding : {0, 1, 3}) {
      const Geometry g{{stride}, {padding}};
      check(conv2d(data.floats({2, 13, 11, 5}), data.floats({7, 5, 3, 3}), data.floats({7}), g), reference);
      check(conv2d(data.floats({1, 9, 17, 3}), data.floats({33, 3, 5, 2}), Operand(), g), reference);
    }
  }
  check(conv2d(data.floats({1, 1, 1, 1}), data.floats({1, 1, 1, 1}), Operand()), reference);
  check(conv2d(data.floats({1, 1, 1, 2}), data.floats({3, 2, 3, 3}), data.floats({3}), {{1}, {1}}), reference);
  check(conv2d(data.floats({0, 5, 5, 2}), data.floats({3, 2, 3, 3}), data.floats({3})), reference);
}

TEST_CASE("conv2d: height and width differ in stride, padding and dilation") {
  Data data;
  const Geometry g{{2, 3}, {1, 4}, {3, 2}};
  check(conv2d(data.floats({2, 19, 23, 4}), data.floats({6, 4, 3, 5}), data.floats({6}), g), reference);
  check(conv2d(data.floats({1, 7, 40, 2}), data.floats({5, 2, 1, 7}), Operand(), {{1}, {0, 3}, {1, 5}}), reference);
}

TEST_CASE("conv2d: one position a window, patches side by side") {
  Data data;
  check(conv2d(data.floats({3, 7, 5, 61}), data.floats({37, 61, 1, 1}), data.floats({37})), reference);
  check(conv2d(data.floats({1, 8, 8, 64}), data.floats({128, 64, 1, 1}), Operand(), {{2}}), reference);
  check(conv2d(data.floats({1, 48, 32, 3}), data.floats({96, 3, 16, 16}), data.floats({96}), {{16}}), reference);
}

TEST_CASE("conv2d: groups, and one group a channel") {
  Data data;
  check(conv2d(data.floats({2, 9, 8, 6}), data.floats({9, 2, 3, 3}), data.floats({9}), {{1}, {1}, {1}, 3}), reference);
  check(conv2d(data.floats({1, 17, 13, 37}), data.floats({37, 1, 3, 3}), data.floats({37}), {{1}, {1}, {1}, 37}),
        reference);
  check(conv2d(data.floats({1, 11, 12, 8}), data.floats({8, 1, 5, 3}), Operand(), {{2}, {4, 2}, {2}, 8}), reference);
  check(conv2d(data.floats({1, 6, 6, 4}), data.floats({12, 1, 3, 3}), Operand(), {{1}, {1}, {1}, 4}), reference);
}

TEST_CASE("conv2d: more windows than fit in scratch memory at a time") {
  Data data;
  check(conv2d(data.floats({1, 200, 200, 8}), data.floats({3, 8, 5, 5}), data.floats({3}), {{1}, {2}}), reference);
}

TEST_CASE("conv2d: weights that are an input") {
  Data data;
  check(conv2d(data.floats({1, 9, 9, 3}), data.floats({5, 3, 3, 3}), data.floats({5}), {{1}, {1}}, Region::input),
        reference);
  check(conv2d(data.floats({1, 9, 9, 4}), data.floats({4, 1, 3, 3}), Operand(), {{1}, {1}, {1}, 4}, Region::input),
        reference);
}

TEST_CASE("conv2d: what is fused after it") {
  Data data;
  const auto fused = [&](Case test, const HostTensor& same, const HostTensor& channels) {
    test.epilogues = {
        {"add", same, Epilogue::Reach::same}, {"relu"}, {"mul", channels, Epilogue::Reach::last_dimension}};
    check(test, reference);
  };
  fused(conv2d(data.floats({2, 9, 7, 3}), data.floats({5, 3, 3, 3}), data.floats({5}), {{1}, {1}}),
        data.floats({2, 9, 7, 5}), data.floats({5}));
  fused(conv2d(data.floats({1, 9, 7, 6}), data.floats({6, 1, 3, 3}), data.floats({6}), {{1}, {1}, {1}, 6}),
        data.floats({1, 9, 7, 6}), data.floats({6}));
  fused(conv2d(data.floats({1, 150, 150, 16}), data.floats({2, 16, 5, 5}), data.floats({2}), {{1}, {2}}),
        data.floats({1, 150, 150, 2}), data.floats({2}));
}

TEST_CASE("conv2d: what is refused") {
  const program::OpDef& op = *program::find_op("conv2d");
  const auto refusal = [&](const Shape& x, const Shape& w, const Attributes& given) -> std::string {
    const TensorType types[] = {{DType::f32, x}, {DType::f32, w}};
    const TensorType* const operands[] = {&types[0], &types[1], nullptr};
    try {
      op.output_types(operands, op.complete(given));
      return "";
    } catch (const program::OpError& error) {
      return error.what();
    }
  };
  CHECK(refusal({1, 9, 9, 4}, {6, 3, 3, 3}, {}) == "x [1, 9, 9, 4] does not fit weight [6, 3, 3, 3] in 1 groups");
  CHECK(refusal({1, 9, 2, 3}, {6, 3, 3, 3}, {}) == "x [1, 9, 2, 3] has 2 columns, the window needs 3 or more");
  CHECK(refusal({1, 9, 9, 3}, {6, 3, 3, 3}, attributes({{"stride", Pair{1, 2, 3}}})) ==
        "stride wants one number, or two: height and width");
  CHECK(refusal({1, 9, 9, 3}, {6, 3, 3, 3}, attributes({{"stride", Pair{0}}})) ==
        "size, stride and dilation must be 1 to 32768, padding 0 to 32768");
  CHECK(refusal({1, 9, 9, 3}, {6, 3, 3, 3}, attributes({{"groups", std::int64_t{0}}})) ==
        "x [1, 9, 9, 3] does not fit weight [6, 3, 3, 3] in 0 groups");
  CHECK(refusal({1, 9, 9, 8192}, {6, 4096, 3, 3}, attributes({{"groups", std::int64_t{2}}})) ==
        "in groups, an output may be a sum of at most 30000 products, weight [6, 4096, 3, 3] makes 36864");
  CHECK(refusal({1 << 20, 1 << 15, 1 << 15, 1}, {64, 1, 1, 1}, {}) ==
        "conv2d: a result of f32[1048576, 32768, 32768, 64] is too large");
}

}  // namespace motet::tests::ops
