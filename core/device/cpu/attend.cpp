#include "device/cpu/attend.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "device/cpu/simd/attend_block.hpp"
#include "device/cpu/simd/blocks.hpp"
#include "device/cpu/simd/mix.hpp"
#include "device/cpu/simd/rows.hpp"

namespace motet::device::cpu {
namespace {

constexpr std::int64_t kFewQueries = 8;  // up to here dot products beat a block whose lanes would stand idle
constexpr std::int64_t kMostQueries = 128;
constexpr std::int64_t kBlock = simd::kBlockQueries;

constexpr std::size_t size(std::int64_t value) { return static_cast<std::size_t>(value); }

Span joined(const Span* seen, std::int64_t count) {
  Span all{0, 0};
  for (std::int64_t t = 0; t < count; ++t) {
    // Who sees nothing must not widen what the others see: padding may hold anything, and 0 times NaN is NaN.
    if (seen[t].end <= seen[t].begin) continue;
    const bool first = all.end <= all.begin;
    all.begin = first ? seen[t].begin : std::min(all.begin, seen[t].begin);
    all.end = first ? seen[t].end : std::max(all.end, seen[t].end);
  }
  return all;
}

// A dot product for each query and key.
void attend_few(const Queries& work, float* scratch) {
  const auto& math = simd::rows();
  const Span all = joined(work.seen, work.rows);
  const std::int64_t keys = all.end - all.begin;
  float* scores = scratch;                      // [rows, keys]
  float* inverse = scratch + work.rows * keys;  // [rows]
  const float* key = work.key + all.begin * work.ldk;
  const float* value = work.value + all.begin * work.ldv;
  if (keys > 0) {
    simd::dot_of(tensor::DType::f32)({reinterpret_cast<const std::byte*>(key), size(work.ldk) * sizeof(float),
                                      size(keys), size(work.d), work.query, size(work.ldq), size(work.rows), scores,
                                      size(keys)});
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
    // All of it hidden by a bias of -inf is nothing seen, as in blocks.
    const bool hidden = work.bias != nullptr && std::all_of(row + begin, row + begin + count, [](float score) {
                          return score == -std::numeric_limits<float>::infinity();
                        });
    if (hidden) {
      std::fill_n(row, keys, 0.0f);
      continue;
    }
    inverse[t] = 1.0f / math.exp_from_max(row + begin, scale, row + begin, size(count));
    std::fill(row, row + begin, 0.0f);
    std::fill(row + begin + count, row + keys, 0.0f);
  }
  simd::mix_rows(
      {value, size(work.ldv), size(keys), size(work.d), scores, size(keys), size(work.rows), work.y, size(work.ldy)});
  for (std::int64_t t = 0; t < work.rows; ++t) {
    math.scale_shift(work.y + t * work.ldy, inverse[t], 0.0f, work.y + t * work.ldy, size(work.d));
  }
}

// Queries [first, first + rows) of the work, at most kBlock.
void attend_some(const Queries& work, std::int64_t first, std::int64_t rows, float* scratch) {
  const Span* seen = work.seen + first;
  const Span all = joined(seen, rows);
  std::array<std::int32_t, size(kBlock)> begin{}, end{};
  bool alike = all.begin < all.end;
  for (std::int64_t t = 0; t < rows; ++t) {
    alike = alike && seen[t].begin == all.begin && seen[t].end == all.end;
    const bool some = seen[t].begin < seen[t].end;
    begin[size(t)] = some ? static_cast<std::int32_t>(seen[t].begin - all.begin) : 0;
    end[size(t)] = some ? static_cast<std::int32_t>(seen[t].end - all.begin) : 0;
  }
  simd::attend_block({work.query + first * work.ldq, size(work.ldq), work.key + all.begin * work.ldk, size(work.ldk),
                      work.value + all.begin * work.ldv, size(work.ldv),
                      work.bias != nullptr ? work.bias + first * work.ldbias + all.begin : nullptr, size(work.ldbias),
                      work.y + first * work.ldy, size(work.ldy), size(rows), size(all.end - all.begin), size(work.d),
                      work.scale, alike ? nullptr : begin.data(), alike ? nullptr : end.data(), scratch});
}

}  // namespace

std::int64_t queries_at_once(std::int64_t keys) {
  // Of long rows a block at a time, so that scratch stays small.
  return keys > 4096 ? kBlock : kMostQueries;
}

std::size_t attend_floats(std::int64_t queries, std::int64_t keys, std::int64_t d) {
  const std::size_t few = size(std::min(queries, kFewQueries) * (keys + 1));
  return queries <= kFewQueries ? few : std::max(few, simd::attend_block_floats(size(keys), size(d)));
}

void attend(const Queries& work, float* scratch) {
  if (work.rows == 0) return;
  if (work.rows <= kFewQueries) return attend_few(work, scratch);
  for (std::int64_t first = 0; first < work.rows; first += kBlock) {
    attend_some(work, first, std::min(kBlock, work.rows - first), scratch);
  }
}

}  // namespace motet::device::cpu
