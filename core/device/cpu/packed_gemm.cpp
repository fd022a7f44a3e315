#include "device/cpu/packed_gemm.hpp"

#include <algorithm>
#include <atomic>
#include <optional>

#include "base/error.hpp"
#include "device/cpu/dense_library.hpp"
#include "device/cpu/gemm.hpp"

namespace motet::device::cpu {
namespace {

using dense::borrowed;
using dense::Desc;
using dense::engine;
using dense::kF32;
using dense::Lane;
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
  return Primitive(engine(), a, weight, bias, y, attributes);
#else
  return Primitive(dnnl::matmul::desc(a, weight, bias, y), attributes, engine());
#endif
}

struct Size {
  Size(const PackedShape& shape, std::int64_t rows, const Desc& weight)
      : described(describe(shape, rows, weight)), primitive(described) {}
  Primitive described;
  dnnl::matmul primitive;
  std::vector<Lane> lanes;  // by worker
};

}  // namespace

struct PackedGemm::Parts {
  Parts(const PackedShape& wanted, int n_workers);

  PackedShape shape;
  std::int64_t rows = 0;  // of every tile but the last
  Desc weight;
  std::optional<Size> whole, last;
  std::vector<dnnl::stream> streams;  // by worker
  dnnl::memory packed, bias;
  std::atomic<bool> failed{false};
};

PackedGemm::Parts::Parts(const PackedShape& wanted, int n_workers) : shape(wanted) {
  const Desc any({shape.k, shape.n}, kF32, Tag::any);
  weight = describe({kUsualRows, shape.n, shape.k}, kUsualRows, any).weights_desc();
  rows = dense::rows_of_tile(shape.m, kMostRows);
  const std::int64_t rest = shape.m % rows;
  whole.emplace(shape, rows, weight);
  if (rest != 0) last.emplace(shape, rest, weight);
  if (dense::has_bias(shape.finish)) bias = borrowed(Desc({1, shape.n}, kF32, Tag::ab), shape.finish.front().operand);
  for (int worker = 0; worker < n_workers; ++worker) streams.emplace_back(engine());
}

PackedGemm::PackedGemm(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
PackedGemm::~PackedGemm() = default;

std::unique_ptr<PackedGemm> PackedGemm::make(const PackedShape& shape, int workers) {
  if (shape.m < kFewestRows || shape.n == 0 || shape.k == 0) return nullptr;
  stay_on_this_thread();
  PackedShape bare = shape;
  bare.finish.clear();
  for (const PackedShape& tried : {shape, bare}) {
    try {
      auto parts = std::make_unique<Parts>(tried, workers);
      const auto gains = [](const std::optional<Size>& size) {
        return !size || dense::gains_from_packing(size->described.impl_info_str());
      };
      if (gains(parts->whole) && gains(parts->last)) {
        return std::unique_ptr<PackedGemm>(new PackedGemm(std::move(parts)));
      }
    } catch (const dnnl::error&) {
      // no kernel for these sizes and finishes
    }
  }
  return nullptr;
}

std::size_t PackedGemm::finished() const { return parts_->shape.finish.size(); }

std::size_t PackedGemm::packed_floats() const {
  return (parts_->weight.get_size() + sizeof(float) - 1) / sizeof(float);
}

void PackedGemm::pack(const float* b, bool transpose_b, float* packed) const {
  stay_on_this_thread();
  const PackedShape& shape = parts_->shape;
  dnnl::memory from = borrowed(Desc({shape.k, shape.n}, kF32, transpose_b ? Tag::ba : Tag::ab), b);
  dnnl::memory to = borrowed(parts_->weight, packed);
  dnnl::reorder(from, to).execute(parts_->streams[0], from, to);
  parts_->streams[0].wait();
}

void PackedGemm::use(const float* packed) {
  parts_->packed = borrowed(parts_->weight, packed);
  for (std::optional<Size>* size : {&parts_->whole, &parts_->last}) {
    if (!*size) continue;
    (*size)->lanes.clear();
    for (std::size_t worker = 0; worker < parts_->streams.size(); ++worker)
      (*size)->lanes.emplace_back((*size)->described, parts_->shape.finish, parts_->packed, parts_->bias);
  }
}

std::int64_t PackedGemm::tiles() const { return (parts_->shape.m + parts_->rows - 1) / parts_->rows; }

PackedGemm::Rows PackedGemm::tile(std::int64_t i) const {
  const std::int64_t first = i * parts_->rows;
  return {first, std::min(parts_->rows, parts_->shape.m - first)};
}

void PackedGemm::run(std::int64_t i, int worker, const float* a, float* y) const {
  const Rows at = tile(i);
  const auto own = static_cast<std::size_t>(worker);
  const PackedShape& shape = parts_->shape;
  std::optional<Size>& size = at.rows == parts_->rows ? parts_->whole : parts_->last;
  if (!size->lanes[own].run(size->primitive, parts_->streams[own], a + at.first * shape.k, y, at.first * shape.n,
                            shape.finish)) {
    parts_->failed = true;
  }
}

void PackedGemm::check() const {
  if (parts_->failed.exchange(false))
    base::fail(base::ErrorKind::environment, "the dense library could not compute a product: out of memory?");
}

}  // namespace motet::device::cpu
