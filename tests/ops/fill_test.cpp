#include <algorithm>
#include <cmath>

#include "ops/harness.hpp"

namespace motet::tests::ops {
namespace {

Case fill(std::vector<std::int64_t> shape, double value, const char* dtype) {
  return {"fill", attributes({{"shape", std::move(shape)}, {"value", value}, {"dtype", std::string(dtype)}}), {}};
}

std::vector<Numbers> reference(const Case& test) {
  const Shape out(test.attributes.integers("shape"));
  const double value = test.attributes.number("value");
  const bool whole = test.attributes.string("dtype") == "i32";
  return {Numbers(static_cast<std::size_t>(out.elements()), whole ? std::trunc(value) : value)};
}

}  // namespace

TEST_CASE("fill: f32 and i32") {
  check(fill({1}, 3, "f32"), reference);
  check(fill({}, 0, "f32"), reference);
  check(fill({13, 1009}, -0.3, "f32"), reference);
  check(fill({7, 3}, -5, "i32"), reference);
  check(fill({2, 2}, 2.9, "i32"), reference);
  check(fill({0, 9}, 1, "f32"), reference);
}

}  // namespace motet::tests::ops
