#include <algorithm>
#include <cmath>

#include "ops/harness.hpp"

namespace motet::tests::ops {
namespace {

std::vector<Numbers> reference(const Case& test) {
  const Shape& shape = test.operands[0].tensor.shape();
  const Numbers x = numbers(test.operands[0].tensor);
  const int axis = program::checked_axis(test.attributes.integer("axis"), shape.rank());
  std::int64_t inner = 1;
  for (int d = axis + 1; d < shape.rank(); ++d) inner *= shape[d];
  Numbers y;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const std::int64_t at = static_cast<std::int64_t>(i) / inner % shape[axis];
    if (at >= test.attributes.integer("begin") && at < test.attributes.integer("end")) y.push_back(x[i]);
  }
  return {y};
}

Case slice(std::int64_t axis, std::int64_t begin, std::int64_t end, HostTensor x) {
  return {"slice", attributes({{"axis", axis}, {"begin", begin}, {"end", end}}), {std::move(x)}};
}

}  // namespace

TEST_CASE("slice: along any axis") {
  Data data;
  check(slice(0, 0, 1, data.floats({1})), reference);
  check(slice(-1, 3, 16, data.floats({5, 7, 17})), reference);
  check(slice(1, 2, 5, data.floats({3, 7, 11})), reference);
  check(slice(0, 4, 4, data.floats({6, 2})), reference);
  check(slice(1, 1, 3, data.integers({13, 4}, -99, 99)), reference);
  check(slice(-1, 1152, 2304, data.floats({3, 2304})), reference);
}

}  // namespace motet::tests::ops
