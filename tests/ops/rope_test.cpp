#include <algorithm>
#include <cmath>

#include "ops/harness.hpp"

namespace motet::tests::ops {
namespace {

std::vector<Numbers> reference(const Case& test) {
  const Shape& shape = test.operands[0].tensor.shape();
  const Numbers x = numbers(test.operands[0].tensor);
  const Numbers position = numbers(test.operands[1].tensor);
  const auto dims = static_cast<std::size_t>(test.attributes.integer("dims"));
  const bool interleaved = test.attributes.string("layout") == "interleaved";
  const auto width = static_cast<std::size_t>(shape[-1]);
  Numbers y = x;
  for (std::size_t at = 0; at < x.size(); at += width) {
    const std::size_t token = at / width / static_cast<std::size_t>(shape[-2]);
    const double place =
        position.empty() ? static_cast<double>(token % static_cast<std::size_t>(shape[-3])) : position[token];
    for (std::size_t i = 0; i < dims / 2; ++i) {
      const double angle =
          place * std::pow(test.attributes.number("theta"), -2.0 * static_cast<double>(i) / static_cast<double>(dims));
      const std::size_t a = at + (interleaved ? 2 * i : i);
      const std::size_t b = interleaved ? a + 1 : a + dims / 2;
      y[a] = x[a] * std::cos(angle) - x[b] * std::sin(angle);
      y[b] = x[b] * std::cos(angle) + x[a] * std::sin(angle);
    }
  }
  return {y};
}

Attributes rope(std::int64_t dims, const char* layout, double theta = 10000) {
  return attributes({{"dims", dims}, {"theta", theta}, {"layout", std::string(layout)}});
}

}  // namespace

TEST_CASE("rope: both layouts, whole and partial") {
  Data data;
  for (const char* layout : {"interleaved", "halves"}) {
    INFO(layout);
    check({"rope", rope(32, layout), {data.floats({1, 457, 8, 36}), Operand()}}, reference);
    check({"rope", rope(2, layout), {data.floats({1, 1, 2}), Operand()}}, reference);
    check({"rope", rope(6, layout), {data.floats({3, 5, 7, 13}), Operand()}}, reference);
    check({"rope", rope(64, layout, 100000), {data.floats({17, 9, 64}), data.integers({17}, 0, 8191)}}, reference);
    check({"rope", rope(18, layout), {data.floats({2, 11, 3, 18}), data.integers({2, 11}, -3, 500)}}, reference);
    check({"rope", rope(4, layout), {data.floats({0, 3, 4}), data.integers({0}, 0, 1)}}, reference);
  }
}

}  // namespace motet::tests::ops
