#include "device/cpu/attend_kept.hpp"

#include <hwy/cache_control.h>

#include <algorithm>
#include <cmath>

#include "device/cpu/simd/blocks.hpp"
#include "device/cpu/simd/mix.hpp"
#include "device/cpu/simd/rows.hpp"

namespace motet::device::cpu {
namespace {

constexpr std::int64_t kPieceKeys = 64;  // of one task
constexpr std::int64_t kTogether = 4;    // keys whose scores are taken at once, a piece of memory without gaps
constexpr std::int64_t kLineFloats = 16;

std::size_t size(std::int64_t value) { return static_cast<std::size_t>(value); }

class KeptAttention final : public Kernel {
 public:
  KeptAttention(Binding& binding, const KeptOperands& operands)
      : o_(operands), pieces_((operands.capacity + kPieceKeys - 1) / kPieceKeys) {
    binding.want_worker_floats(size(o_.heads * kPieceKeys));
    binding.want_shared_floats(size(o_.tokens * pieces_ * part_floats()));
  }

  void run(const Run& context) override {
    float* parts = context.shared_floats();
    context.pool.run(size(o_.tokens * pieces_), [&](std::size_t task, int worker) {
      const auto at = static_cast<std::int64_t>(task);
      attend_piece(at / pieces_, at % pieces_, context.worker_floats(worker), parts + at * part_floats());
    });
    for (std::int64_t n = 0; n < o_.tokens; ++n) join(n, parts + n * pieces_ * part_floats());
  }

 private:
  // A piece's part of the answer: for each head the largest score and the sum of the exponentials, then their mix of
  // values [H, d].
  std::int64_t part_floats() const { return o_.heads * (o_.d + 2); }

  std::int64_t keys(std::int64_t token) const {
    const std::int64_t row = o_.row[token];
    return row >= 0 && row < o_.rows ? std::clamp<std::int64_t>(o_.length[row], 0, o_.capacity) : 0;
  }

  void attend_piece(std::int64_t token, std::int64_t piece, float* scores, float* part) const {
    const std::int64_t begin = piece * kPieceKeys;
    const std::int64_t count = std::min(kPieceKeys, keys(token) - begin);
    if (count <= 0) return;
    const std::int64_t ld = o_.key_heads * o_.d;
    const std::int64_t from = (o_.row[token] * o_.capacity + begin) * ld;
    const float* value = o_.value + from;
    const std::int64_t group = o_.heads / o_.key_heads;
    const float* query = o_.query + token * o_.heads * o_.d;
    for (std::int64_t k = 0; k < count; k += kTogether) {
      const std::int64_t together = std::min(kTogether, count - k);
      // The values are wanted head by head: that would be small pieces far apart, so they are fetched in order now.
      for (std::int64_t i = 0; i < together * ld; i += kLineFloats) hwy::Prefetch(value + k * ld + i);
      const float* key = o_.key + from + k * ld;
      for (std::int64_t h = 0; h < o_.key_heads; ++h) {
        dot_({reinterpret_cast<const std::byte*>(key + h * o_.d), size(ld) * sizeof(float), size(together), size(o_.d),
              query + h * group * o_.d, size(o_.d), size(group), scores + h * group * kPieceKeys + k,
              size(kPieceKeys)});
      }
    }
    for (std::int64_t head = 0; head < o_.heads; ++head) {
      float* row = scores + head * kPieceKeys;
      part[2 * head] = o_.scale * (o_.scale >= 0 ? math_.max(row, size(count)) : math_.min(row, size(count)));
      part[2 * head + 1] = math_.exp_from_max(row, o_.scale, row, size(count));
    }
    for (std::int64_t h = 0; h < o_.key_heads; ++h) {
      simd::mix_rows({value + h * o_.d, size(ld), size(count), size(o_.d), scores + h * group * kPieceKeys,
                      size(kPieceKeys), size(group), part + 2 * o_.heads + h * group * o_.d, size(o_.d)});
    }
  }

  void join(std::int64_t token, const float* parts) const {
    const std::int64_t count = (keys(token) + kPieceKeys - 1) / kPieceKeys;
    float* y = o_.y + token * o_.heads * o_.d;
    std::fill_n(y, o_.heads * o_.d, 0.0f);
    for (std::int64_t head = 0; head < o_.heads; ++head, y += o_.d) {
      if (count == 0) continue;
      float most = parts[2 * head];
      for (std::int64_t i = 1; i < count; ++i) most = std::max(most, parts[i * part_floats() + 2 * head]);
      float sum = 0;
      for (std::int64_t i = 0; i < count; ++i) {
        const float* part = parts + i * part_floats();
        const float weight = std::exp(part[2 * head] - most);
        sum += weight * part[2 * head + 1];
        math_.add_scaled(weight, part + 2 * o_.heads + head * o_.d, y, size(o_.d));
      }
      math_.scale_shift(y, 1.0f / sum, 0.0f, y, size(o_.d));
    }
  }

  KeptOperands o_;
  std::int64_t pieces_;
  simd::Dot dot_ = simd::dot_of(DType::f32);
  const simd::Rows& math_ = simd::rows();
};

}  // namespace

std::unique_ptr<Kernel> make_kept_attention(Binding& binding, const KeptOperands& operands) {
  return std::make_unique<KeptAttention>(binding, operands);
}

}  // namespace motet::device::cpu
