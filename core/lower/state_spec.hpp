// A state as a stage asked for it, and how the engine lays it out. No plugin sees the layout.
#pragma once

#include <motet/abi.h>

#include <cstdint>
#include <string>
#include <vector>

#include "program/program.hpp"

namespace motet::lower {

// Most tokens of one step. A window's ring has room for that many beside the window, since they are all written before
// the first of them looks back.
inline constexpr std::int64_t kMostStepTokens = 512;

struct StateSpec {
  std::string name;  // "words.layers.0"
  motet_state_kind kind = MOTET_STATE_APPEND;
  // append: {heads, head size}; window: {tokens, heads, head size}; replace: those of a row.
  std::vector<std::int64_t> sizes;

  // What is wrong with what was asked for; "" where nothing is.
  std::string problem() const;
  // Positions that a row has room for where an append state has `wanted`; 0 for replace, which has none.
  std::int64_t capacity(std::int64_t wanted) const;
  // append and window: f32[2, rows, heads, capacity, head size], keys and then values, position p at p mod capacity.
  // replace: f32[rows, ...].
  program::TensorType type(std::int64_t rows, std::int64_t wanted) const;
  // Equal pieces of type() whose first parts keep their meaning when the capacity grows.
  std::int64_t pieces(std::int64_t rows) const;

  friend bool operator==(const StateSpec&, const StateSpec&) = default;
};

}  // namespace motet::lower
