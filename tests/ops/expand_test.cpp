#include <algorithm>
#include <cmath>

#include "ops/harness.hpp"

namespace motet::tests::ops {
namespace {

std::vector<Numbers> reference(const Case& test) {
  const Shape out(test.attributes.integers("shape"));
  const Numbers x = numbers(test.operands[0].tensor);
  Numbers y(static_cast<std::size_t>(out.elements()));
  for (std::size_t i = 0; i < y.size(); ++i) y[i] = x[broadcast_index(test.operands[0].tensor.shape(), out, i)];
  return {y};
}

Case expand(std::vector<std::int64_t> shape, HostTensor x) {
  return {"expand", attributes({{"shape", std::move(shape)}}), {std::move(x)}};
}

}  // namespace

TEST_CASE("expand: repeats dimensions of size 1 and missing ones") {
  Data data;
  check(expand({1}, data.floats({1})), reference);
  check(expand({3, 5, 7}, data.floats({5, 1})), reference);
  check(expand({4, 9, 36}, data.floats({1, 9, 1})), reference);
  check(expand({2, 3}, data.integers({}, 5, 5)), reference);
  check(expand({0, 3}, data.floats({1, 3})), reference);
  check(expand({13, 288}, data.floats({288})), reference);
}

}  // namespace motet::tests::ops
