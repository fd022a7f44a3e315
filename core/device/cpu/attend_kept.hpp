// Attention of a few tokens over kept keys and values [R, C, Hkv, d]: what a generator's step does with what an encoder
// gave it. Bound by memory, so it is cut by keys, not by heads: each task reads one piece of memory from end to end.
#pragma once

#include <memory>

#include "device/cpu/kernel.hpp"

namespace motet::device::cpu {

inline constexpr std::int64_t kFewKeptTokens = 8;  // more of them share what they read: FlatAttention

// q [N, H, d], row i32[N], length i32[R]. The result does not depend on the number of threads.
struct KeptOperands {
  const float* query;
  const float* key;
  const float* value;
  const std::int32_t* row;
  const std::int32_t* length;
  float* y;
  std::int64_t tokens, heads, d, rows, capacity, key_heads;
  float scale;
};
std::unique_ptr<Kernel> make_kept_attention(Binding& binding, const KeptOperands& operands);

}  // namespace motet::device::cpu
