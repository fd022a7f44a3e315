#include <algorithm>
#include <cmath>
#include <cstring>

#include "device/cpu/attend.hpp"
#include "device/cpu/epilogue.hpp"

namespace motet::device::cpu::ops {
namespace {

enum Operand : std::size_t { kQuery, kKey, kValue, kPast, kRow, kPosition, kLength, kBias };

float scale_of(const Binding& binding) {
  const double scale = binding.attributes().number("scale");
  return static_cast<float>(scale != 0 ? scale : 1.0 / std::sqrt(static_cast<double>(binding.shape(kQuery)[-1])));
}

// q [B, T, H, d], k and v [B, S, Hkv, d]. A task is a block of queries of one head.
class BatchAttention final : public Kernel {
 public:
  explicit BatchAttention(Binding& binding)
      : query_(binding.input<float>(kQuery)),
        key_(binding.input<float>(kKey)),
        value_(binding.input<float>(kValue)),
        length_(binding.input<std::int32_t>(kLength)),
        bias_(binding.input<float>(kBias)),
        y_(binding.output<float>(0)),
        causal_(binding.attributes().integer("causal") != 0),
        scale_(scale_of(binding)),
        window_(binding.attributes().integer("window")) {
    const Shape& query = binding.shape(kQuery);
    const Shape& key = binding.shape(kKey);
    batch_ = query[0], tokens_ = query[1], heads_ = query[2], d_ = query[3];
    keys_ = key[1], key_heads_ = key[2];
    block_ = std::min(queries_at_once(keys_), std::max<std::int64_t>(tokens_, 1));
    spans_.resize(static_cast<std::size_t>(batch_ * tokens_));
    binding.want_worker_floats(attend_floats(block_, keys_));
  }

  void run(const Run& context) override {
    for (std::int64_t b = 0; b < batch_; ++b) {
      for (std::int64_t t = 0; t < tokens_; ++t) spans_[static_cast<std::size_t>(b * tokens_ + t)] = seen(b, t);
    }
    const std::int64_t blocks = (tokens_ + block_ - 1) / block_;
    context.pool.run(static_cast<std::size_t>(batch_ * heads_ * blocks), [&](std::size_t task, int worker) {
      const auto at = static_cast<std::int64_t>(task);
      compute(at / blocks / heads_, at / blocks % heads_, at % blocks * block_, context.worker_floats(worker));
    });
  }

 private:
  Span seen(std::int64_t b, std::int64_t t) const {
    std::int64_t end = length_ != nullptr ? std::clamp<std::int64_t>(length_[b], 0, keys_) : keys_;
    std::int64_t begin = 0;
    const std::int64_t last = t + keys_ - tokens_;  // this query's own place among the keys
    if (causal_) end = std::min(end, last + 1);
    if (window_ > 0) begin = std::max<std::int64_t>(0, last + 1 - window_);
    return {begin, std::max(begin, end)};
  }

  void compute(std::int64_t b, std::int64_t head, std::int64_t t, float* scratch) const {
    const std::int64_t key_head = head / (heads_ / key_heads_);
    const std::int64_t at = ((b * tokens_ + t) * heads_ + head) * d_;
    const std::int64_t from = (b * keys_ * key_heads_ + key_head) * d_;
    attend({query_ + at, heads_ * d_, key_ + from, key_heads_ * d_, value_ + from, key_heads_ * d_,
            bias_ != nullptr ? bias_ + (head * tokens_ + t) * keys_ : nullptr, keys_, y_ + at, heads_ * d_,
            std::min(block_, tokens_ - t), d_, scale_, &spans_[static_cast<std::size_t>(b * tokens_ + t)]},
           scratch);
  }

  const float* query_;
  const float* key_;
  const float* value_;
  const std::int32_t* length_;
  const float* bias_;
  float* y_;
  bool causal_;
  float scale_;
  std::int64_t window_;
  std::int64_t batch_, tokens_, heads_, d_, keys_, key_heads_, block_;
  std::vector<Span> spans_;
};

// Flat tokens q [N, H, d] over a state [2, R, Hkv, C, d] or kept keys and values [R, C, Hkv, d]. Neighbouring tokens of
// one row are taken together; a task is such a run and a head.
class FlatAttention final : public Kernel {
 public:
  explicit FlatAttention(Binding& binding)
      : query_(binding.input<float>(kQuery)),
        key_(binding.input<float>(kKey)),
        value_(binding.input<float>(kValue)),
        past_(reinterpret_cast<float*>(binding.has(kPast) ? binding.inputs[kPast].data : nullptr)),
        row_(binding.input<std::int32_t>(kRow)),
        position_(binding.input<std::int32_t>(kPosition)),
        length_(binding.input<std::int32_t>(kLength)),
        y_(binding.output<float>(0)),
        scale_(scale_of(binding)),
        window_(binding.attributes().integer("window")) {
    const Shape& query = binding.shape(kQuery);
    tokens_ = query[0], heads_ = query[1], d_ = query[2];
    const Shape& store = binding.shape(past_ != nullptr ? kPast : kKey);
    rows_ = store[past_ != nullptr ? 1 : 0];
    key_heads_ = store[2];
    capacity_ = store[past_ != nullptr ? 3 : 1];
    block_ = std::min(queries_at_once(capacity_), std::max<std::int64_t>(tokens_, 1));
    spans_.resize(static_cast<std::size_t>(tokens_));
    runs_.resize(static_cast<std::size_t>(tokens_));
    binding.want_worker_floats(attend_floats(block_, capacity_));
  }

  void run(const Run& context) override {
    if (past_ != nullptr) {
      parallel_pieces(context.pool, tokens_, row_grain(2 * key_heads_ * d_),
                      [&](std::int64_t begin, std::int64_t end, int) {
                        for (std::int64_t n = begin; n < end; ++n) write_state(n);
                      });
    }
    const std::size_t runs = find_runs();
    context.pool.run(runs * static_cast<std::size_t>(heads_), [&](std::size_t task, int worker) {
      const auto heads = static_cast<std::size_t>(heads_);
      compute(runs_[task / heads], static_cast<std::int64_t>(task % heads), context.worker_floats(worker));
    });
  }

 private:
  struct TokenRun {
    std::int64_t begin, count;
  };

  bool valid(std::int64_t n) const {
    const bool in_state = past_ == nullptr || (position_[n] >= 0 && position_[n] < capacity_);
    return row_[n] >= 0 && row_[n] < rows_ && in_state;
  }

  float* state(std::int64_t part, std::int64_t row, std::int64_t head) const {
    return past_ + ((part * rows_ + row) * key_heads_ + head) * capacity_ * d_;
  }

  void write_state(std::int64_t n) const {
    if (!valid(n)) return;
    const auto bytes = static_cast<std::size_t>(d_) * sizeof(float);
    for (std::int64_t head = 0; head < key_heads_; ++head) {
      const std::int64_t from = (n * key_heads_ + head) * d_;
      std::memcpy(state(0, row_[n], head) + position_[n] * d_, key_ + from, bytes);
      std::memcpy(state(1, row_[n], head) + position_[n] * d_, value_ + from, bytes);
    }
  }

  Span seen(std::int64_t n) const {
    if (!valid(n)) return {0, 0};
    if (past_ == nullptr) return {0, std::clamp<std::int64_t>(length_[row_[n]], 0, capacity_)};
    const std::int64_t end = position_[n] + 1;
    return {window_ > 0 ? std::max<std::int64_t>(0, end - window_) : 0, end};
  }

  std::size_t find_runs() {
    std::size_t runs = 0;
    for (std::int64_t n = 0; n < tokens_; ++n) {
      spans_[static_cast<std::size_t>(n)] = seen(n);
      const bool goes_on =
          runs > 0 && row_[n] == row_[n - 1] && valid(n) == valid(n - 1) && runs_[runs - 1].count < block_;
      if (goes_on) {
        ++runs_[runs - 1].count;
      } else {
        runs_[runs++] = {n, 1};
      }
    }
    return runs;
  }

  void compute(const TokenRun& tokens, std::int64_t head, float* scratch) const {
    const std::int64_t key_head = head / (heads_ / key_heads_);
    const std::int64_t at = (tokens.begin * heads_ + head) * d_;
    // Queries that see nothing read no keys, so any place will do for them.
    const std::int64_t row = valid(tokens.begin) ? row_[tokens.begin] : 0;
    const std::int64_t kept = (row * capacity_ * key_heads_ + key_head) * d_;
    const bool is_state = past_ != nullptr;
    const std::int64_t ld = is_state ? d_ : key_heads_ * d_;
    attend({query_ + at, heads_ * d_, is_state ? state(0, row, key_head) : key_ + kept, ld,
            is_state ? state(1, row, key_head) : value_ + kept, ld, nullptr, 0, y_ + at, heads_ * d_, tokens.count, d_,
            scale_, &spans_[static_cast<std::size_t>(tokens.begin)]},
           scratch);
  }

  const float* query_;
  const float* key_;
  const float* value_;
  float* past_;
  const std::int32_t* row_;
  const std::int32_t* position_;
  const std::int32_t* length_;
  float* y_;
  float scale_;
  std::int64_t window_;
  std::int64_t tokens_, heads_, d_, rows_, key_heads_, capacity_, block_;
  std::vector<Span> spans_;
  std::vector<TokenRun> runs_;
};

std::unique_ptr<Kernel> bind(Binding& binding) {
  if (binding.shape(kQuery).rank() == 4) return std::make_unique<BatchAttention>(binding);
  return std::make_unique<FlatAttention>(binding);
}

}  // namespace

extern const KernelDef attention;
const KernelDef attention{bind};
}  // namespace motet::device::cpu::ops
