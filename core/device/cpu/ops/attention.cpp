#include <algorithm>
#include <cmath>
#include <cstring>

#include "device/cpu/attend.hpp"
#include "device/cpu/attend_kept.hpp"
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
    binding.want_worker_floats(attend_floats(block_, keys_, d_));
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
    if (window_ > 0) {
      begin = std::max<std::int64_t>(0, last + 1 - window_);
      end = std::min(end, last + window_);
    }
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
// one row are taken together; a task is such a run and a head. With a window the state is a ring: what a run sees of it
// is read in place where it lies in one piece, else copied into one.
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
        bias_(binding.input<float>(kBias)),
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
    if (bias_ != nullptr) distances_ = binding.shape(kBias)[1];
    const std::int64_t copied = (ring() ? 2 * lines(capacity_ * d_) : 0) + (bias_ != nullptr ? bias_floats() : 0);
    binding.want_worker_floats(attend_floats(block_, capacity_, d_) + static_cast<std::size_t>(copied));
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
    Span seen;  // by all of them
  };

  // Floats of whole cache lines: what shares scratch memory stays aligned.
  static std::int64_t lines(std::int64_t floats) { return (floats + 15) / 16 * 16; }
  std::int64_t bias_floats() const { return lines(block_ * capacity_); }

  bool ring() const { return past_ != nullptr && window_ > 0; }

  bool valid(std::int64_t n) const {
    const bool in_state = past_ == nullptr || (position_[n] >= 0 && (ring() || position_[n] < capacity_));
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
      const std::int64_t to = position_[n] % capacity_ * d_;
      std::memcpy(state(0, row_[n], head) + to, key_ + from, bytes);
      std::memcpy(state(1, row_[n], head) + to, value_ + from, bytes);
    }
  }

  Span seen(std::int64_t n) const {
    if (!valid(n)) return {0, 0};
    if (past_ == nullptr) return {0, std::clamp<std::int64_t>(length_[row_[n]], 0, capacity_)};
    const std::int64_t end = position_[n] + 1;
    return {window_ > 0 ? std::max<std::int64_t>(0, end - std::min(window_, capacity_)) : 0, end};
  }

  std::size_t find_runs() {
    std::size_t runs = 0;
    for (std::int64_t n = 0; n < tokens_; ++n) {
      spans_[static_cast<std::size_t>(n)] = seen(n);
      const Span seen = spans_[static_cast<std::size_t>(n)];
      TokenRun* before = runs > 0 ? &runs_[runs - 1] : nullptr;
      const bool goes_on =
          before != nullptr && row_[n] == row_[n - 1] && valid(n) == valid(n - 1) && before->count < block_;
      const Span all =
          goes_on ? Span{std::min(before->seen.begin, seen.begin), std::max(before->seen.end, seen.end)} : Span{0, 0};
      if (goes_on && (!ring() || all.end - all.begin <= capacity_)) {
        ++before->count;
        before->seen = all;
      } else {
        runs_[runs++] = {n, 1, seen};
      }
    }
    if (ring()) {
      for (std::size_t i = 0; i < runs; ++i) shift_spans(runs_[i]);
    }
    return runs;
  }

  // What a run sees lies in one piece of the ring.
  bool in_one_piece(const TokenRun& tokens) const {
    return tokens.seen.begin % capacity_ + tokens.seen.end - tokens.seen.begin <= capacity_;
  }

  // Spans of positions become spans of the ring, or of the copy that copy_piece makes.
  void shift_spans(const TokenRun& tokens) {
    const std::int64_t first = tokens.seen.begin;
    const std::int64_t by = in_one_piece(tokens) ? first - first % capacity_ : first;
    for (std::int64_t n = tokens.begin; n < tokens.begin + tokens.count; ++n) {
      Span& span = spans_[static_cast<std::size_t>(n)];
      span = {span.begin - by, span.end - by};
    }
  }

  // The bias of a head by distance, as each token of a run meets it: [tokens, capacity], along the spans.
  void lay_out_bias(const TokenRun& tokens, const float* by_distance, float* to) const {
    for (std::int64_t t = 0; t < tokens.count; ++t, to += capacity_) {
      const Span& span = spans_[static_cast<std::size_t>(tokens.begin + t)];
      for (std::int64_t s = span.begin; s < span.end; ++s)
        to[s] = by_distance[std::min(span.end - 1 - s, distances_ - 1)];
    }
  }

  const float* copy_piece(const TokenRun& tokens, const float* from, float* to) const {
    const std::int64_t first = tokens.seen.begin % capacity_;
    const std::int64_t count = tokens.seen.end - tokens.seen.begin;
    std::copy(from + first * d_, from + capacity_ * d_, to);
    std::copy(from, from + (first + count - capacity_) * d_, to + (capacity_ - first) * d_);
    return to;
  }

  void compute(const TokenRun& tokens, std::int64_t head, float* scratch) const {
    const std::int64_t key_head = head / (heads_ / key_heads_);
    const std::int64_t at = (tokens.begin * heads_ + head) * d_;
    // Queries that see nothing read no keys, so any place will do for them.
    const std::int64_t row = valid(tokens.begin) ? row_[tokens.begin] : 0;
    const std::int64_t kept = (row * capacity_ * key_heads_ + key_head) * d_;
    const bool is_state = past_ != nullptr;
    const std::int64_t ld = is_state ? d_ : key_heads_ * d_;
    const float* key = is_state ? state(0, row, key_head) : key_ + kept;
    const float* value = is_state ? state(1, row, key_head) : value_ + kept;
    if (ring() && !in_one_piece(tokens)) {
      key = copy_piece(tokens, key, scratch);
      value = copy_piece(tokens, value, scratch + lines(capacity_ * d_));
      scratch += 2 * lines(capacity_ * d_);
    }
    const float* bias = nullptr;
    if (bias_ != nullptr) {
      lay_out_bias(tokens, bias_ + head * distances_, scratch);
      bias = scratch;
      scratch += bias_floats();
    }
    attend({query_ + at, heads_ * d_, key, ld, value, ld, bias, capacity_, y_ + at, heads_ * d_, tokens.count, d_,
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
  const float* bias_;
  float* y_;
  float scale_;
  std::int64_t window_;
  std::int64_t distances_ = 0;
  std::int64_t tokens_, heads_, d_, rows_, key_heads_, capacity_, block_;
  std::vector<Span> spans_;
  std::vector<TokenRun> runs_;
};

std::unique_ptr<Kernel> bind(Binding& binding) {
  const Shape& query = binding.shape(kQuery);
  if (query.rank() == 4) return std::make_unique<BatchAttention>(binding);
  if (!binding.has(kPast) && !binding.has(kBias) && query[0] <= kFewKeptTokens) {
    const Shape& kept = binding.shape(kKey);
    return make_kept_attention(
        binding, {binding.input<float>(kQuery), binding.input<float>(kKey), binding.input<float>(kValue),
                  binding.input<std::int32_t>(kRow), binding.input<std::int32_t>(kLength), binding.output<float>(0),
                  query[0], query[1], query[2], kept[0], kept[1], kept[2], scale_of(binding)});
  }
  return std::make_unique<FlatAttention>(binding);
}

}  // namespace

extern const KernelDef attention;
const KernelDef attention{bind};
}  // namespace motet::device::cpu::ops
