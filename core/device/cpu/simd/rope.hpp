// Rotation of pairs by an angle each.
#pragma once

#include <cstddef>

namespace motet::device::cpu::simd {

struct Rope {
  // cos and sin of position * frequency[i] for i < pairs. Reduced in double, so that large positions keep their angle.
  void (*angles)(double position, const double* frequency, std::size_t pairs, float* cosine, float* sine);
  // x and y [2 * pairs]: the pairs (i, i + pairs).
  void (*halves)(const float* x, const float* cosine, const float* sine, float* y, std::size_t pairs);
  // The pairs (2i, 2i + 1).
  void (*interleaved)(const float* x, const float* cosine, const float* sine, float* y, std::size_t pairs);
};

const Rope& rope();

}  // namespace motet::device::cpu::simd
