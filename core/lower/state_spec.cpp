#include "lower/state_spec.hpp"

#include <algorithm>

namespace motet::lower {
namespace {

constexpr std::int64_t kRingStep = 64;             // a ring's capacity is a multiple of it
constexpr std::int64_t kMostSize = 1ll << 24;      // of one dimension of a state
constexpr std::int64_t kMostElements = 1ll << 32;  // of a state's row, of a position where it has those
constexpr std::size_t kMostReplaceDimensions = 7;  // with the rows a tensor's eight

std::size_t dimensions(motet_state_kind kind) { return kind == MOTET_STATE_APPEND ? 2 : 3; }

}  // namespace

std::string StateSpec::problem() const {
  if (kind != MOTET_STATE_APPEND && kind != MOTET_STATE_WINDOW && kind != MOTET_STATE_REPLACE)
    return "there is no state kind " + std::to_string(kind);
  if (kind != MOTET_STATE_REPLACE && sizes.size() != dimensions(kind)) {
    return kind == MOTET_STATE_APPEND ? "a state of kind append wants {heads, head size}"
                                      : "a state of kind window wants {tokens, heads, head size}";
  }
  if (sizes.size() > kMostReplaceDimensions) return "a state has at most 7 dimensions";
  std::int64_t elements = 1;
  for (const std::int64_t size : sizes) {
    if (size < 1 || size > kMostSize) return "a state's sizes must be 1 to 16777216, one is " + std::to_string(size);
    if (size > kMostElements / elements) return "a state of more than 2^32 elements a row";
    elements *= size;
  }
  return "";
}

std::int64_t StateSpec::capacity(std::int64_t wanted) const {
  if (kind == MOTET_STATE_REPLACE) return 0;
  if (kind == MOTET_STATE_APPEND) return wanted;
  const std::int64_t ring = (sizes[0] + kMostStepTokens - 1 + kRingStep - 1) / kRingStep * kRingStep;
  return std::min(wanted, ring);
}

program::TensorType StateSpec::type(std::int64_t rows, std::int64_t wanted) const {
  if (kind != MOTET_STATE_REPLACE)
    return {tensor::DType::f32, {2, rows, sizes.end()[-2], capacity(wanted), sizes.back()}};
  program::TensorType out{tensor::DType::f32, {rows}};
  for (const std::int64_t size : sizes) out.shape.push_back(size);
  return out;
}

std::int64_t StateSpec::pieces(std::int64_t rows) const {
  return kind == MOTET_STATE_REPLACE ? 1 : 2 * rows * sizes.end()[-2];
}

}  // namespace motet::lower
