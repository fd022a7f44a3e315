// Attention of a block of queries of one head: scores are kept with the queries side by side, so that the softmax of
// many queries is one pass of vertical arithmetic and neither keys nor values are copied.
#pragma once

#include <cstddef>
#include <cstdint>

namespace motet::device::cpu::simd {

inline constexpr std::size_t kBlockQueries = 32;  // at most, whatever the vectors' length

// Queries [rows, d], keys and values [keys, d], ld*: elements between rows. Query t sees keys [begin[t], end[t]) (none
// where empty: zeros); both nullptr where all see all. bias: [rows, keys] or nullptr.
struct AttendBlock {
  const float* query;
  std::size_t ldq;
  const float* key;
  std::size_t ldk;
  const float* value;
  std::size_t ldv;
  const float* bias;
  std::size_t ldbias;
  float* y;
  std::size_t ldy;
  std::size_t rows, keys, d;
  float scale;
  const std::int32_t* begin;
  const std::int32_t* end;
  float* scratch;  // attend_block_floats(keys, d)
};

inline std::size_t attend_block_floats(std::size_t keys, std::size_t d) { return kBlockQueries * (keys + d + 8); }

// rows <= kBlockQueries.
void attend_block(const AttendBlock& work);

}  // namespace motet::device::cpu::simd
