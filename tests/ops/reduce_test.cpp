#include <algorithm>
#include <cmath>

#include "ops/harness.hpp"

namespace motet::tests::ops {
namespace {

std::vector<Numbers> reference(const Case& test) {
  const Shape& shape = test.operands[0].tensor.shape();
  const Numbers x = numbers(test.operands[0].tensor);
  const Numbers length = test.operands.size() > 1 ? numbers(test.operands[1].tensor) : Numbers();
  const std::string& fn = test.attributes.string("fn");
  const int axis = program::checked_axis(test.attributes.integer("axis"), shape.rank());
  std::int64_t outer = 1;
  std::int64_t inner = 1;
  for (int d = 0; d < axis; ++d) outer *= shape[d];
  for (int d = axis + 1; d < shape.rank(); ++d) inner *= shape[d];
  Numbers y;
  for (std::int64_t o = 0; o < outer; ++o) {
    const auto count = length.empty() ? shape[axis] : static_cast<std::int64_t>(length[static_cast<std::size_t>(o)]);
    for (std::int64_t i = 0; i < inner; ++i) {
      double value = fn == "max" ? -INFINITY : fn == "min" ? INFINITY : 0;
      for (std::int64_t t = 0; t < count; ++t) {
        const double next = x[static_cast<std::size_t>((o * shape[axis] + t) * inner + i)];
        value = fn == "max" ? std::max(value, next) : fn == "min" ? std::min(value, next) : value + next;
      }
      y.push_back(fn != "mean" ? value : count == 0 ? 0 : value / static_cast<double>(count));
    }
  }
  return {y};
}

Attributes reduce(const char* fn, std::int64_t axis, std::int64_t keep = 0) {
  return attributes({{"fn", std::string(fn)}, {"axis", axis}, {"keep", keep}});
}

}  // namespace

TEST_CASE("reduce: every function over every axis") {
  Data data;
  for (const char* fn : {"sum", "mean", "max", "min"}) {
    INFO(fn);
    check({"reduce", reduce(fn, 0), {data.floats({1}), Operand()}}, reference);
    check({"reduce", reduce(fn, -1), {data.floats({3, 7, 457}), Operand()}}, reference);
    check({"reduce", reduce(fn, 1, 1), {data.floats({2, 31, 301}, 0.5, 1), Operand()}}, reference);
    check({"reduce", reduce(fn, 0), {data.floats({17, 5}, 0.5, 1), Operand()}}, reference);
    check({"reduce", reduce(fn, 1), {data.floats({2, 10007, 3}, 0.5, 1), Operand()}}, reference);
    check({"reduce", reduce(fn, 1), {data.floats({0, 3}), Operand()}}, reference);
  }
}

TEST_CASE("reduce: only the first positions count where lengths are given") {
  Data data;
  for (const char* fn : {"sum", "mean", "max"}) {
    INFO(fn);
    check({"reduce", reduce(fn, 1), {data.floats({4, 9, 36}), integers({9, 1, 4, 0})}}, reference);
    check({"reduce", reduce(fn, 1), {data.floats({2, 31}), integers({0, 30})}}, reference);
    check({"reduce", reduce(fn, 1, 1), {data.floats({2, 5, 3, 7}), integers({5, 2})}}, reference);
  }
}

}  // namespace motet::tests::ops
