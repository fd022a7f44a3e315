#include "device/cpu/attend.hpp"

#include <algorithm>

#include "device/cpu/gemm.hpp"
#include "device/cpu/simd/blocks.hpp"
#include "device/cpu/simd/mix.hpp"
#include "device/cpu/simd/rows.hpp"

namespace motet::device::cpu {
namespace {

constexpr std::int64_t kFewQueries = 8;  // up to here dot products beat a call of the dense library
constexpr std::int64_t kMostQueries = 128;
constexpr std::int64_t kScoreFloats = 1 << 17;  // of one call's scores: they should stay in the second-level cache

Span joined(const Queries& work) {
  Span all{work.seen[0].begin, work.seen[0].end};
  for (std::int64_t t = 1; t < work.rows; ++t) {
    all.begin = std::min(all.begin, work.seen[t].begin);
    all.end = std::max(all.end, work.seen[t].end);
  }
  return all;
}

std::size_t size(std::int64_t value) { return static_cast<std::size_t>(value); }

}  // namespace

std::int64_t queries_at_once(std::int64_t keys) {
  const std::int64_t fit = kScoreFloats / std::max<std::int64_t>(keys, 1);
  return std::clamp<std::int64_t>(fit / 8 * 8, 16, kMostQueries);
}

std::size_t attend_floats(std::int64_t queries, std::int64_t keys) { return size(queries * (keys + 1)); }

void attend(const Queries& work, float* scratch) {
  if (work.rows == 0) return;
  const auto& math = simd::rows();
  const Span all = joined(work);
  const std::int64_t keys = std::max<std::int64_t>(all.end - all.begin, 0);
  float* scores = scratch;                      // [rows, keys]
  float* inverse = scratch + work.rows * keys;  // [rows]
  const float* key = work.key + all.begin * work.ldk;
  const float* value = work.value + all.begin * work.ldv;
  const bool few = work.rows <= kFewQueries;
  if (few && keys > 0) {
    simd::dot_of(tensor::DType::f32)({reinterpret_cast<const std::byte*>(key), size(work.ldk) * sizeof(float),
                                      size(keys), size(work.d), work.query, size(work.ldq), size(work.rows), scores,
                                      size(keys)});
  } else if (keys > 0) {
    gemm({work.rows, keys, work.d, work.ldq, work.ldk, keys}, true, work.query, key, 0.0f, scores);
  }
  for (std::int64_t t = 0; t < work.rows; ++t) {
    float* row = scores + t * keys;
    const std::int64_t begin = work.seen[t].begin - all.begin;
    const std::int64_t count = work.seen[t].end - work.seen[t].begin;
    inverse[t] = 0;
    if (count <= 0) {
      std::fill_n(row, keys, 0.0f);
      continue;
    }
    float scale = work.scale;
    if (work.bias != nullptr) {
      math.scale_shift(row + begin, scale, 0.0f, row + begin, size(count));
      math.add_scaled(1.0f, work.bias + t * work.ldbias + work.seen[t].begin, row + begin, size(count));
      scale = 1.0f;
    }
    inverse[t] = 1.0f / math.exp_from_max(row + begin, scale, row + begin, size(count));
    std::fill(row, row + begin, 0.0f);
    std::fill(row + begin + count, row + keys, 0.0f);
  }
  if (few) {
    simd::mix_rows(
        {value, size(work.ldv), size(keys), size(work.d), scores, size(keys), size(work.rows), work.y, size(work.ldy)});
  } else {
    gemm({work.rows, work.d, keys, keys, work.ldv, work.ldy}, false, scores, value, 0.0f, work.y);
  }
  for (std::int64_t t = 0; t < work.rows; ++t) {
    math.scale_shift(work.y + t * work.ldy, inverse[t], 0.0f, work.y + t * work.ldy, size(work.d));
  }
}

}  // namespace motet::device::cpu
