#include <algorithm>
#include <cmath>

#include "ops/harness.hpp"

namespace motet::tests::ops {
namespace {

std::vector<Numbers> reference(const Case& test) {
  const Shape& shape = test.operands[0].tensor.shape();
  const Numbers x = numbers(test.operands[0].tensor);
  const auto& before = test.attributes.integers("before");
  const auto& after = test.attributes.integers("after");
  Shape out = shape;
  for (int d = 0; d < out.rank(); ++d)
    out[d] += before[static_cast<std::size_t>(d)] + after[static_cast<std::size_t>(d)];
  Numbers y(static_cast<std::size_t>(out.elements()));
  const auto strides = tensor::row_major_strides(shape);
  for (std::size_t i = 0; i < y.size(); ++i) {
    auto rest = static_cast<std::int64_t>(i);
    std::int64_t from = 0;
    bool inside = true;
    for (int d = out.rank() - 1; d >= 0; --d) {
      const std::int64_t at = rest % out[d] - before[static_cast<std::size_t>(d)];
      rest /= out[d];
      inside = inside && at >= 0 && at < shape[d];
      from += at * strides[static_cast<std::size_t>(d)];
    }
    y[i] = inside ? x[static_cast<std::size_t>(from)] : static_cast<float>(test.attributes.number("value"));
  }
  return {y};
}

Case pad(std::vector<std::int64_t> before, std::vector<std::int64_t> after, double value, HostTensor x) {
  return {"pad",
          attributes({{"before", std::move(before)}, {"after", std::move(after)}, {"value", value}}),
          {std::move(x)}};
}

}  // namespace

TEST_CASE("pad: before and after along each dimension") {
  Data data;
  check(pad({0}, {0}, 0, data.floats({1})), reference);
  check(pad({1, 2}, {3, 0}, -1.5, data.floats({5, 7})), reference);
  check(pad({0, 3, 0}, {1, 2, 5}, 0.1, data.floats({2, 11, 36})), reference);
  check(pad({2, 1}, {0, 1}, 7, data.floats({0, 3})), reference);
  check(pad({2, 1}, {1, 0}, 7, data.floats({3, 0})), reference);
}

}  // namespace motet::tests::ops
