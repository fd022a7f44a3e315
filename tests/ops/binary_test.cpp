#include <algorithm>
#include <cmath>

#include "ops/harness.hpp"

namespace motet::tests::ops {
namespace {

std::vector<Numbers> reference(const Case& test) {
  const Shape out = program::broadcast(test.operands[0].tensor.shape(), test.operands[1].tensor.shape());
  const Numbers a = numbers(test.operands[0].tensor);
  const Numbers b = numbers(test.operands[1].tensor);
  Numbers y(static_cast<std::size_t>(out.elements()));
  for (std::size_t i = 0; i < y.size(); ++i) {
    y[i] = binary_value(test.attributes.string("fn"), a[broadcast_index(test.operands[0].tensor.shape(), out, i)],
                        b[broadcast_index(test.operands[1].tensor.shape(), out, i)]);
  }
  return {y};
}

Case binary(const char* fn, HostTensor a, HostTensor b) {
  return {"binary", attributes({{"fn", std::string(fn)}}), {std::move(a), std::move(b)}};
}

struct Pair {
  Shape a, b;
};
const Pair kPairs[] = {{{1}, {1}},          {{3, 1, 5}, {7, 1}},       {{1, 457, 288}, {288}}, {{}, {4, 3}},
                       {{2, 5, 1}, {5, 7}}, {{5, 1, 1, 3}, {2, 4, 3}}, {{20011}, {1}},         {{0, 3}, {1, 3}}};

}  // namespace

TEST_CASE("binary: every function, with broadcasting") {
  Data data;
  for (const char* fn : {"add", "sub", "mul", "div", "max", "min", "pow"}) {
    INFO(fn);
    for (const Pair& pair : kPairs) {
      check(binary(fn, data.floats(pair.a, 0.3, 3), data.floats(pair.b, 0.3, 3)), reference);
      check(binary(fn, data.floats(pair.b, 0.3, 3), data.floats(pair.a, 0.3, 3)), reference);
    }
  }
}

TEST_CASE("binary: integers exactly") {
  Data data;
  for (const char* fn : {"add", "sub", "mul", "max", "min"}) {
    INFO(fn);
    for (const Pair& pair : kPairs) {
      check(binary(fn, data.integers(pair.a, -1000, 1000), data.integers(pair.b, -1000, 1000)), reference);
    }
  }
  check(binary("div", integers({7, -7, 7, -7, 5, -2147483647}), integers({2, 2, -2, -2, 0, 3})),
        [](const Case&) { return std::vector<Numbers>{{3, -3, -3, 3, 0, -715827882}}; });
}

}  // namespace motet::tests::ops
