#include <algorithm>
#include <cmath>

#include "ops/harness.hpp"

namespace motet::tests::ops {
namespace {

bool holds(const std::string& fn, double a, double b) {
  if (fn == "lt") return a < b;
  if (fn == "le") return a <= b;
  if (fn == "gt") return a > b;
  if (fn == "ge") return a >= b;
  return fn == "eq" ? a == b : a != b;
}

std::vector<Numbers> reference(const Case& test) {
  const Shape out = program::broadcast(test.operands[0].tensor.shape(), test.operands[1].tensor.shape());
  const Numbers a = numbers(test.operands[0].tensor);
  const Numbers b = numbers(test.operands[1].tensor);
  Numbers y(static_cast<std::size_t>(out.elements()));
  for (std::size_t i = 0; i < y.size(); ++i) {
    y[i] = holds(test.attributes.string("fn"), a[broadcast_index(test.operands[0].tensor.shape(), out, i)],
                 b[broadcast_index(test.operands[1].tensor.shape(), out, i)]);
  }
  return {y};
}

}  // namespace

TEST_CASE("compare: floats and integers, with broadcasting") {
  Data data;
  for (const char* fn : {"lt", "le", "gt", "ge", "eq", "ne"}) {
    INFO(fn);
    const Attributes given = attributes({{"fn", std::string(fn)}});
    check({"compare", given, {data.integers({5, 1, 7}, -2, 2), data.integers({3, 1}, -2, 2)}}, reference);
    check({"compare", given, {data.integers({1013}, 0, 3), data.integers({}, 1, 1)}}, reference);
    check({"compare", given, {floats({2, 2}, {1, 2, 3, -0.5}), floats({2}, {1, -0.5})}}, reference);
    check({"compare", given, {data.floats({0, 4}), data.floats({4})}}, reference);
  }
}

}  // namespace motet::tests::ops
