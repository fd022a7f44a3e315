// What convolutions over one and two dimensions share.
#pragma once

#include <cstdint>

namespace motet::device::cpu {

// w [outputs, channels, taps] -> [outputs, taps, channels]: then a position's products are in the order of x.
inline void pack_taps_first(const float* w, std::int64_t outputs, std::int64_t channels, std::int64_t taps,
                            float* packed) {
  for (std::int64_t o = 0; o < outputs; ++o) {
    for (std::int64_t i = 0; i < channels; ++i) {
      for (std::int64_t k = 0; k < taps; ++k) packed[(o * taps + k) * channels + i] = w[(o * channels + i) * taps + k];
    }
  }
}

}  // namespace motet::device::cpu
