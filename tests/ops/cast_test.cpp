#include <algorithm>
#include <cmath>

#include "ops/harness.hpp"

namespace motet::tests::ops {
namespace {

std::vector<Numbers> reference(const Case& test) {
  Numbers y = numbers(test.operands[0].tensor);
  if (test.attributes.string("dtype") == "i32") {
    for (double& value : y) {
      value = std::isnan(value) ? 0 : std::clamp(std::trunc(value), -2147483648.0, 2147483647.0);
    }
  }
  return {y};
}

Case cast(const char* to, HostTensor x) { return {"cast", attributes({{"dtype", std::string(to)}}), {std::move(x)}}; }

}  // namespace

TEST_CASE("cast: toward zero, saturating, NaN gives 0") {
  Data data;
  check(cast("i32", floats({10}, {0, -0.9f, 0.9f, 1.5f, -2.5f, 3e9f, -3e9f, NAN, INFINITY, -INFINITY})), reference);
  check(cast("i32", floats({3}, {2147483520.0f, 2147483648.0f, -2147483648.0f})), reference);
  check(cast("i32", data.floats({13, 101}, -1000, 1000)), reference);
}

TEST_CASE("cast: to f32 from integers and halves") {
  Data data;
  check(cast("f32", data.integers({7, 19}, -100000, 100000)), reference);
  check(cast("f32", data.floats({5, 3})), reference);
  check(cast("i32", data.integers({1}, -5, 5)), reference);
  for (const std::int64_t size : {1, 17, 1000, 20011}) {
    check(cast("f32", data.packed(DType::f16, {size})), reference);
    check(cast("f32", data.packed(DType::bf16, {size})), reference);
  }
  check(cast("f32", data.integers({0}, 0, 0)), reference);
}

}  // namespace motet::tests::ops
