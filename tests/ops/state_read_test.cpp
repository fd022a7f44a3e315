#include "ops/harness.hpp"

namespace motet::tests::ops {
namespace {

std::vector<Numbers> reference(const Case& test) {
  const Numbers state = numbers(test.operands[0].tensor);
  const Numbers row = numbers(test.operands[1].tensor);
  const Numbers position = numbers(test.operands[2].tensor);
  const auto rows = static_cast<double>(test.operands[0].tensor.shape()[0]);
  const std::size_t width = state.size() / static_cast<std::size_t>(rows);
  Numbers y;
  for (std::size_t n = 0; n < row.size(); ++n) {
    const bool there = row[n] >= 0 && row[n] < rows && position[n] != 0;
    for (std::size_t i = 0; i < width; ++i)
      y.push_back(there ? state[static_cast<std::size_t>(row[n]) * width + i] : 0);
  }
  return {y, state};
}

Case state_read(HostTensor state, HostTensor row, HostTensor position) {
  return {"state_read", {}, {{std::move(state), Region::state}, std::move(row), std::move(position)}};
}

}  // namespace

TEST_CASE("state_read: zeros for a sequence that begins and for padding, and the state stays as it is") {
  Data data;
  check(state_read(data.floats({4, 5, 7}), integers({3, 0, 2, -1, 4}), integers({9, 1, 0, 5, 5})), reference);
  check(state_read(data.floats({8, 301}), integers({7, 6, 5, 4, 3, 2, 1, 0}), data.integers({8}, 0, 2)), reference);
  check(state_read(data.floats({1}, 1, 2), integers({0}), integers({1})), reference);
  check(state_read(data.floats({3, 2}), data.integers({0}, 0, 1), data.integers({0}, 0, 1)), reference);
}

}  // namespace motet::tests::ops
