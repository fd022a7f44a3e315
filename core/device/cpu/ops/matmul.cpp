#include <algorithm>
#include <string>

#include "device/cpu/broadcast.hpp"
#include "device/cpu/epilogue.hpp"
#include "device/cpu/finish.hpp"
#include "device/cpu/gemm.hpp"
#include "device/cpu/packed_gemm.hpp"
#include "device/cpu/simd/blocks.hpp"
#include "device/cpu/simd/mix.hpp"

namespace motet::device::cpu::ops {
namespace {

// Up to this many rows of a, plain dot products are faster than a call of the dense library: one row is bound by
// memory, and a quantised weight need not be written out first.
constexpr std::int64_t kFewRows = 12;
constexpr std::int64_t kFewRowsQuantised = 32;
constexpr std::int64_t kPieceBytes = 128 << 10;  // of weights that one task of a product with few rows reads
constexpr std::int64_t kWideColumns = 256;       // of b [K, N] that one such task reads
constexpr std::int64_t kExpandedFloats =
    84 << 10;  // of a quantised weight, written out at a time: part of the second-level cache

struct Sizes {
  std::int64_t m = 1, n = 0, k = 0;
};

// What a product is, whichever way it is computed.
struct Product {
  // The first `finished` epilogues are somebody else's.
  explicit Product(const Binding& binding, std::size_t finished = 0)
      : a(binding.input<float>(0)),
        b(binding.input<std::byte>(1)),
        y(binding.output<float>(0)),
        dtype(binding.dtype(1)),
        transpose_b(binding.attributes().integer("transpose_b") != 0),
        epilogues(binding, nullptr, finished) {
    const Shape& left = binding.shape(0);
    const Shape& right = binding.shape(1);
    size.k = left[-1];
    size.n = right[transpose_b ? -2 : -1];
    if (right.rank() == 2) {
      for (int axis = 0; axis + 1 < left.rank(); ++axis) size.m *= left[axis];
      offsets.push_back({0, 0});
      return;
    }
    size.m = left[-2];
    const Shape out = leading(binding.out_shape());
    // A row of one element each, so that the walk yields an offset for every product.
    const Shape a_leading = leading(left), b_leading = leading(right);
    const Broadcast walk(out, {&a_leading, &b_leading});
    for (std::int64_t row = 0; row < walk.rows(); ++row) {
      for (std::int64_t i = 0; i < walk.width(); ++i) {
        offsets.push_back({(walk.offset(0, row) + i * walk.step(0)) * size.m * size.k,
                           (walk.offset(1, row) + i * walk.step(1)) * size.k * size.n});
      }
    }
  }

  static Shape leading(const Shape& shape) {
    return Shape(shape.sizes().first(static_cast<std::size_t>(shape.rank() - 2)));
  }

  struct Offset {
    std::int64_t a, b;  // elements
  };
  const float* a;
  const std::byte* b;
  float* y;
  DType dtype;
  bool transpose_b;
  Epilogues epilogues;
  Sizes size;
  std::vector<Offset> offsets;  // one a product

  const float* floats() const { return reinterpret_cast<const float*>(b); }
};

// Few rows against b [N, K]: dot products.
class DotProduct final : public Kernel {
 public:
  explicit DotProduct(const Binding& binding) : p_(binding), dot_(simd::dot_of(p_.dtype)) {
    row_bytes_ = tensor::size_bytes(p_.dtype, p_.size.k);
    // As many pieces for each worker, so that none waits for another.
    const std::int64_t round = kPieceBytes * binding.workers;
    const auto bytes = static_cast<std::int64_t>(row_bytes_) * p_.size.n;
    const std::int64_t pieces = std::max<std::int64_t>(1, (bytes + round / 2) / round) * binding.workers;
    grain_ = std::max<std::int64_t>(4, (p_.size.n + 4 * pieces - 1) / (4 * pieces) * 4);
  }

  void run(const Run& context) override {
    const auto [m, n, k] = p_.size;
    for (std::size_t product = 0; product < p_.offsets.size(); ++product) {
      const auto [a, b] = p_.offsets[product];
      const std::int64_t first = static_cast<std::int64_t>(product) * m;
      const std::byte* weight = p_.b + tensor::size_bytes(p_.dtype, b);
      parallel_pieces(context.pool, n, grain_, [&](std::int64_t begin, std::int64_t end, int) {
        dot_({weight + static_cast<std::size_t>(begin) * row_bytes_, row_bytes_, static_cast<std::size_t>(end - begin),
              static_cast<std::size_t>(k), p_.a + a, static_cast<std::size_t>(k), static_cast<std::size_t>(m),
              p_.y + first * n + begin, static_cast<std::size_t>(n)});
        p_.epilogues.apply(p_.y, first, m, begin, end - begin);
      });
    }
  }

 private:
  Product p_;
  simd::Dot dot_;
  std::size_t row_bytes_;
  std::int64_t grain_;
};

// Few rows against b [K, N]: sums of b's rows.
class MixProduct final : public Kernel {
 public:
  explicit MixProduct(const Binding& binding) : p_(binding) {}

  void run(const Run& context) override {
    const auto [m, n, k] = p_.size;
    for (std::size_t product = 0; product < p_.offsets.size(); ++product) {
      const auto [a, b] = p_.offsets[product];
      const std::int64_t first = static_cast<std::int64_t>(product) * m;
      parallel_pieces(context.pool, n, kWideColumns, [&](std::int64_t begin, std::int64_t end, int) {
        simd::mix_rows({p_.floats() + b + begin, static_cast<std::size_t>(n), static_cast<std::size_t>(k),
                        static_cast<std::size_t>(end - begin), p_.a + a, static_cast<std::size_t>(k),
                        static_cast<std::size_t>(m), p_.y + first * n + begin, static_cast<std::size_t>(n)});
        p_.epilogues.apply(p_.y, first, m, begin, end - begin);
      });
    }
  }

 private:
  Product p_;
};

// Tiles of y, each by the dense library.
class TileProduct final : public Kernel {
 public:
  explicit TileProduct(const Binding& binding) : p_(binding), tile_(gemm_tile(p_.size.m, p_.size.n)) {}

  void run(const Run& context) override {
    const auto [m, n, k] = p_.size;
    const std::int64_t down = (m + tile_.rows - 1) / tile_.rows;
    const std::int64_t across = (n + tile_.cols - 1) / tile_.cols;
    const auto tasks = static_cast<std::size_t>(down * across) * p_.offsets.size();
    context.pool.run(tasks, [&, m = m, n = n, k = k](std::size_t task, int) {
      const std::int64_t tile = static_cast<std::int64_t>(task) % (down * across);
      const std::size_t product = task / static_cast<std::size_t>(down * across);
      const std::int64_t row = tile / across * tile_.rows;
      const std::int64_t col = tile % across * tile_.cols;
      const std::int64_t rows = std::min(tile_.rows, m - row);
      const std::int64_t cols = std::min(tile_.cols, n - col);
      const std::int64_t first = static_cast<std::int64_t>(product) * m + row;
      const float* b = p_.floats() + p_.offsets[product].b + (p_.transpose_b ? col * k : col);
      gemm({rows, cols, k, k, p_.transpose_b ? k : n, n}, p_.transpose_b, p_.a + p_.offsets[product].a + row * k, b,
           0.0f, p_.y + first * n + col);
      p_.epilogues.apply(p_.y, first, rows, col, cols);
    });
  }

 private:
  Product p_;
  GemmTile tile_;
};

// Many rows against a constant weight, which is packed once: tiles of rows over all columns, so that a tile's rows of a
// are read once and its epilogues find it in cache.
class PackedProduct final : public Kernel {
 public:
  PackedProduct(const Binding& binding, std::unique_ptr<PackedGemm> gemm)
      : p_(binding, gemm->finished()), gemm_(std::move(gemm)) {
    const auto [m, n, k] = p_.size;
    const std::string key = "gemm " + std::to_string(k) + "x" + std::to_string(n) + (p_.transpose_b ? " of b^T" : "");
    gemm_->use(binding.inputs[1].constant->packed(key, gemm_->packed_floats(),
                                                  [&](float* to) { gemm_->pack(p_.floats(), p_.transpose_b, to); }));
  }

  void run(const Run& context) override {
    context.pool.run(static_cast<std::size_t>(gemm_->tiles()), [&](std::size_t task, int worker) {
      const auto i = static_cast<std::int64_t>(task);
      const auto [first, rows] = gemm_->tile(i);
      gemm_->run(i, worker, p_.a, p_.y);
      p_.epilogues.apply_rows(p_.y, first, rows);
    });
    gemm_->check();
  }

 private:
  Product p_;
  std::unique_ptr<PackedGemm> gemm_;
};

// Many rows against a quantised weight [N, K]: some of its rows at a time are expanded, once each.
class ExpandedProduct final : public Kernel {
 public:
  explicit ExpandedProduct(Binding& binding) : p_(binding), expand_(simd::expand_of(p_.dtype)) {
    row_bytes_ = tensor::size_bytes(p_.dtype, p_.size.k);
    const std::int64_t fit = kExpandedFloats / std::max<std::int64_t>(p_.size.k, 1);
    const std::int64_t quarter = p_.size.n / 4;  // so that several cores find work
    grain_ = std::clamp<std::int64_t>(std::min(fit, quarter) / 48 * 48, 48, 144);
    binding.want_worker_floats(static_cast<std::size_t>(grain_ * p_.size.k));
  }

  void run(const Run& context) override {
    const auto [m, n, k] = p_.size;
    parallel_pieces(context.pool, n, grain_,
                    [&, m = m, n = n, k = k](std::int64_t begin, std::int64_t end, int worker) {
                      float* weight = context.worker_floats(worker);
                      expand_(p_.b + static_cast<std::size_t>(begin) * row_bytes_, weight,
                              static_cast<std::size_t>((end - begin) * k));
                      gemm({m, end - begin, k, k, k, n}, true, p_.a, weight, 0.0f, p_.y + begin);
                      p_.epilogues.apply(p_.y, 0, m, begin, end - begin);
                    });
  }

 private:
  Product p_;
  simd::Expand expand_;
  std::size_t row_bytes_;
  std::int64_t grain_;
};

std::unique_ptr<Kernel> bind(Binding& binding) {
  const Product p(binding);
  if (p.size.m <= (p.dtype == DType::f32 ? kFewRows : kFewRowsQuantised)) {
    if (p.transpose_b) return std::make_unique<DotProduct>(binding);
    return std::make_unique<MixProduct>(binding);
  }
  if (p.dtype != DType::f32) return std::make_unique<ExpandedProduct>(binding);
  if (binding.inputs[1].constant != nullptr && binding.shape(1).rank() == 2) {
    auto gemm = PackedGemm::make({p.size.m, p.size.n, p.size.k, finishes(binding)}, binding.workers);
    if (gemm != nullptr) return std::make_unique<PackedProduct>(binding, std::move(gemm));
  }
  return std::make_unique<TileProduct>(binding);
}

}  // namespace

extern const KernelDef matmul;
const KernelDef matmul{bind};
}  // namespace motet::device::cpu::ops
