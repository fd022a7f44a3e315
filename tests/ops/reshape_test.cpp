#include <algorithm>
#include <cmath>

#include "ops/harness.hpp"

namespace motet::tests::ops {
namespace {

std::vector<Numbers> reference(const Case& test) { return {numbers(test.operands[0].tensor)}; }

Case reshape(std::vector<std::int64_t> shape, HostTensor x) {
  return {"reshape", attributes({{"shape", std::move(shape)}}), {std::move(x)}};
}

}  // namespace

TEST_CASE("reshape: the same elements") {
  Data data;
  check(reshape({-1}, data.floats({3, 5, 7})), reference);
  check(reshape({7, -1, 5}, data.integers({15, 7}, -9, 9)), reference);
  check(reshape({}, data.floats({1, 1})), reference);
  check(reshape({0, 4}, data.floats({0})), reference);
  check(reshape({100, 211}, data.floats({21100})), reference);
}

}  // namespace motet::tests::ops
