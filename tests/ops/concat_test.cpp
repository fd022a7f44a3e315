#include <algorithm>
#include <cmath>

#include "ops/harness.hpp"

namespace motet::tests::ops {
namespace {

std::vector<Numbers> reference(const Case& test) {
  const Shape& first = test.operands[0].tensor.shape();
  const int axis = program::checked_axis(test.attributes.integer("axis"), first.rank());
  std::int64_t outer = 1;
  for (int d = 0; d < axis; ++d) outer *= first[d];
  Numbers y;
  for (std::int64_t o = 0; o < outer; ++o) {
    for (const Operand& part : test.operands) {
      const Numbers values = numbers(part.tensor);
      const auto run = static_cast<std::int64_t>(values.size()) / outer;
      y.insert(y.end(), values.begin() + o * run, values.begin() + (o + 1) * run);
    }
  }
  return {y};
}

Case concat(std::int64_t axis, std::vector<Operand> parts) {
  return {"concat", attributes({{"axis", axis}}), std::move(parts)};
}

}  // namespace

TEST_CASE("concat: along any axis, any number of parts") {
  Data data;
  check(concat(0, {data.floats({1})}), reference);
  check(concat(-1, {data.floats({3, 5}), data.floats({3, 1}), data.floats({3, 17})}), reference);
  check(concat(1, {data.floats({2, 3, 7}), data.floats({2, 0, 7}), data.floats({2, 11, 7})}), reference);
  check(concat(0, {data.integers({5, 3}, -9, 9), data.integers({2, 3}, -9, 9)}), reference);
  check(concat(2, {data.floats({4, 9, 32}), data.floats({4, 9, 4})}), reference);
}

}  // namespace motet::tests::ops
