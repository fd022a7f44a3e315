#include "ops/harness.hpp"

namespace motet::tests::ops {
namespace {

std::vector<Numbers> reference(const Case& test) {
  Numbers state = numbers(test.operands[0].tensor);
  const Numbers x = numbers(test.operands[1].tensor);
  const Numbers row = numbers(test.operands[2].tensor);
  const auto rows = static_cast<double>(test.operands[0].tensor.shape()[0]);
  const std::size_t width = state.size() / static_cast<std::size_t>(rows);
  for (std::size_t n = 0; n < row.size(); ++n) {
    if (row[n] < 0 || row[n] >= rows) continue;
    for (std::size_t i = 0; i < width; ++i) state[static_cast<std::size_t>(row[n]) * width + i] = x[n * width + i];
  }
  return {state};
}

Case state_write(HostTensor state, HostTensor x, HostTensor row) {
  return {"state_write", {}, {{std::move(state), Region::state}, std::move(x), std::move(row)}};
}

}  // namespace

TEST_CASE("state_write: the rows given, and no others") {
  Data data;
  check(state_write(data.floats({4, 5, 7}), data.floats({4, 5, 7}), integers({3, -1, 0, 4})), reference);
  check(state_write(data.floats({8, 301}), data.floats({3, 301}), integers({7, 2, 5})), reference);
  check(state_write(data.floats({1}), data.floats({1}), integers({0})), reference);
  check(state_write(data.floats({3, 2}), data.floats({0, 2}), data.integers({0}, 0, 1)), reference);
}

}  // namespace motet::tests::ops
