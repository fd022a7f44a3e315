// Sizes rounded up, so that few shapes ever need a plan.
#pragma once

#include <bit>
#include <cstdint>

namespace motet::runtime {

// 1, 2, 4, 8, then four steps to each doubling: 10, 12, 14, 16, 20, 24, 28, 32, 40, ...: at most a quarter is padding.
inline std::int64_t length_bucket(std::int64_t size) {
  if (size <= 8) return static_cast<std::int64_t>(std::bit_ceil(static_cast<std::uint64_t>(size < 1 ? 1 : size)));
  const auto step = static_cast<std::int64_t>(std::bit_floor(static_cast<std::uint64_t>(size - 1))) / 4;
  return (size + step - 1) / step * step;
}

inline std::int64_t power_of_two(std::int64_t size) {
  return static_cast<std::int64_t>(std::bit_ceil(static_cast<std::uint64_t>(size < 1 ? 1 : size)));
}

}  // namespace motet::runtime
