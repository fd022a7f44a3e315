#include <algorithm>
#include <cmath>

#include "ops/harness.hpp"

namespace motet::tests::ops {
namespace {

std::vector<Numbers> reference(const Case& test) {
  const Shape out(test.attributes.integers("shape"));
  Numbers y(static_cast<std::size_t>(out.elements()));
  for (std::size_t i = 0; i < y.size(); ++i) y[i] = static_cast<double>(static_cast<std::int64_t>(i) % out[-1]);
  return {y};
}

}  // namespace

TEST_CASE("iota: counts along the last dimension") {
  using Sizes = std::vector<std::int64_t>;
  for (const Sizes& shape : {Sizes{1}, Sizes{10007}, Sizes{3, 5, 7}, Sizes{4, 0}, Sizes{0, 4}, Sizes{1, 33}}) {
    check({"iota", attributes({{"shape", shape}}), {}}, reference);
  }
}

}  // namespace motet::tests::ops
