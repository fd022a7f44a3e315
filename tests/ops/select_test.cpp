#include <algorithm>
#include <cmath>

#include "ops/harness.hpp"

namespace motet::tests::ops {
namespace {

std::vector<Numbers> reference(const Case& test) {
  Shape out = test.operands[0].tensor.shape();
  for (const Operand& operand : test.operands) out = program::broadcast(out, operand.tensor.shape());
  Numbers parts[3];
  for (int i = 0; i < 3; ++i) parts[i] = numbers(test.operands[static_cast<std::size_t>(i)].tensor);
  Numbers y(static_cast<std::size_t>(out.elements()));
  for (std::size_t i = 0; i < y.size(); ++i) {
    const auto pick = [&](std::size_t o) { return parts[o][broadcast_index(test.operands[o].tensor.shape(), out, i)]; };
    y[i] = pick(0) != 0 ? pick(1) : pick(2);
  }
  return {y};
}

}  // namespace

TEST_CASE("select: all three broadcast") {
  Data data;
  check({"select", {}, {data.integers({11, 1}, -1, 1), data.floats({11, 36}), data.floats({36})}}, reference);
  check({"select", {}, {data.integers({1}, 1, 1), data.floats({1}), data.floats({1})}}, reference);
  check({"select", {}, {data.integers({3, 5, 7}, 0, 1), data.integers({}, 4, 4), data.integers({5, 1}, -9, 9)}},
        reference);
  check({"select", {}, {data.integers({2, 0}, 0, 1), data.floats({0}), data.floats({1})}}, reference);
}

}  // namespace motet::tests::ops
