#include "device/cpu/packed_gemm.hpp"

#include <algorithm>

#include "device/cpu/dense_library.hpp"

namespace motet::device::cpu {
namespace {

using dense::Desc;
using dense::kF32;
using dense::Tag;
using Primitive = dnnl::matmul::primitive_desc;

constexpr std::int64_t kUsualRows = 128;  // for which b's form is chosen, so that all products of a weight share it
constexpr std::int64_t kMostRows = 256;   // of a tile

Primitive describe(const PackedShape& shape, std::int64_t rows, const Desc& weight) {
  const Desc a({rows, shape.k}, kF32, Tag::ab);
  const Desc y({rows, shape.n}, kF32, Tag::ab);
  const Desc bias = dense::has_bias(shape.finish) ? Desc({1, shape.n}, kF32, Tag::ab) : Desc();
  const dnnl::primitive_attr attributes = dense::attributes_of(shape.finish, y);
#if DNNL_VERSION_MAJOR >= 3  // which folded an operation's description into its primitive's
  return Primitive(dense::engine(), a, weight, bias, y, attributes);
#else
  return Primitive(dnnl::matmul::desc(a, weight, bias, y), attributes, dense::engine());
#endif
}

// The form that the library likes best.
Desc packed_form(const PackedShape& shape) {
  const Desc any({shape.k, shape.n}, kF32, Tag::any);
  return describe({kUsualRows, shape.n, shape.k}, kUsualRows, any).weights_desc();
}

}  // namespace

struct PackedGemm::Parts {
  Parts(const PackedShape& shape, const Desc& form, std::int64_t tile_rows, int workers)
      : n(shape.n),
        k(shape.k),
        m(shape.m),
        rows(tile_rows),
        tiles(describe(shape, rows, form),
              m % rows == 0 ? std::nullopt : std::optional(describe(shape, m % rows, form)), shape.finish,
              Desc({1, n}, kF32, Tag::ab), workers) {}

  std::int64_t n, k, m;
  std::int64_t rows;  // of every tile but the last
  dense::PackedTiles<dnnl::matmul> tiles;
};

PackedGemm::PackedGemm(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
PackedGemm::~PackedGemm() = default;

std::unique_ptr<PackedGemm> PackedGemm::make(const PackedShape& shape, int workers) {
  if (shape.m < kFewestRows || shape.n == 0 || shape.k == 0) return nullptr;
  stay_on_this_thread();
  auto parts = dense::first_that_gains(shape, [&](const PackedShape& tried) {
    return std::make_unique<Parts>(tried, packed_form(tried), dense::rows_of_tile(tried.m, kMostRows), workers);
  });
  return parts == nullptr ? nullptr : std::unique_ptr<PackedGemm>(new PackedGemm(std::move(parts)));
}

std::size_t PackedGemm::finished() const { return parts_->tiles.finished(); }
std::size_t PackedGemm::packed_floats() const { return parts_->tiles.packed_floats(); }

void PackedGemm::pack(const float* b, bool transpose_b, float* packed) const {
  parts_->tiles.pack(Desc({parts_->k, parts_->n}, kF32, transpose_b ? Tag::ba : Tag::ab), b, packed);
}

void PackedGemm::use(const float* packed) { parts_->tiles.use(packed); }

std::int64_t PackedGemm::tiles() const { return (parts_->m + parts_->rows - 1) / parts_->rows; }

PackedGemm::Rows PackedGemm::tile(std::int64_t i) const {
  const std::int64_t first = i * parts_->rows;
  return {first, std::min(parts_->rows, parts_->m - first)};
}

void PackedGemm::run(std::int64_t i, int worker, const float* a, float* y) const {
  const Rows at = tile(i);
  parts_->tiles.run(at.rows == parts_->rows, worker, a + at.first * parts_->k, y, at.first * parts_->n);
}

void PackedGemm::check() const { parts_->tiles.check("product"); }

}  // namespace motet::device::cpu
