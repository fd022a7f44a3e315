#include <algorithm>
#include <cmath>

#include "ops/harness.hpp"

namespace motet::tests::ops {
namespace {

std::vector<Numbers> reference(const Case& test) {
  const Shape& shape = test.operands[0].tensor.shape();
  const auto& permutation = test.attributes.integers("permutation");
  const Numbers x = numbers(test.operands[0].tensor);
  const auto strides = tensor::row_major_strides(shape);
  Numbers y(x.size());
  for (std::size_t i = 0; i < y.size(); ++i) {
    auto rest = static_cast<std::int64_t>(i);
    std::int64_t from = 0;
    for (std::size_t axis = permutation.size(); axis-- > 0;) {
      const auto source = static_cast<int>(permutation[axis]);
      from += rest % shape[source] * strides[static_cast<std::size_t>(source)];
      rest /= shape[source];
    }
    y[i] = x[static_cast<std::size_t>(from)];
  }
  return {y};
}

Case transpose(std::vector<std::int64_t> permutation, HostTensor x) {
  return {"transpose", attributes({{"permutation", std::move(permutation)}}), {std::move(x)}};
}

}  // namespace

TEST_CASE("transpose: any permutation") {
  Data data;
  check(transpose({0}, data.floats({5})), reference);
  check(transpose({1, 0}, data.floats({37, 101})), reference);
  check(transpose({0, 2, 1, 3}, data.floats({2, 7, 3, 36})), reference);
  check(transpose({2, 0, 1}, data.integers({5, 1, 13}, -99, 99)), reference);
  check(transpose({3, 2, 1, 0}, data.floats({3, 5, 2, 7})), reference);
  check(transpose({1, 0}, data.floats({0, 3})), reference);
}

}  // namespace motet::tests::ops
