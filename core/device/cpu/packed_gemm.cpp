#include "device/cpu/packed_gemm.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <oneapi/dnnl/dnnl.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "device/cpu/gemm.hpp"

namespace motet::device::cpu {
namespace {

using Desc = dnnl::memory::desc;
using Primitive = dnnl::matmul::primitive_desc;
using Tag = dnnl::memory::format_tag;

constexpr auto kF32 = dnnl::memory::data_type::f32;
constexpr std::int64_t kUsualRows = 128;  // for which b's form is chosen, so that all products of a weight share it

const dnnl::engine& engine() {
  static const dnnl::engine instance(dnnl::engine::kind::cpu, 0);
  return instance;
}

// Version 3 folded an operation's description into its primitive's.
Primitive describe(const PackedShape& shape, std::int64_t rows, const Desc& weight) {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  if (shape.accumulate) {
    dnnl::post_ops more;
    more.append_sum(1.0f);
    attributes.set_post_ops(more);
  }
  const Desc a({rows, shape.k}, kF32, dnnl::memory::dims{shape.lda, 1});
  const Desc y({rows, shape.n}, kF32, Tag::ab);
#if DNNL_VERSION_MAJOR >= 3
  return Primitive(engine(), a, weight, y, attributes);
#else
  return Primitive(dnnl::matmul::desc(a, weight, y), attributes, engine());
#endif
}

// Its other kernels take b as it lies, which gemm() does with less ado.
bool gains(const Primitive& primitive) { return std::string_view(primitive.impl_info_str()).starts_with("brg"); }

dnnl::memory borrowed(const Desc& desc, const float* data) { return {desc, engine(), const_cast<float*>(data)}; }

// An even number of tiles of nearly equal size: tall enough for b to be read seldom, not so tall that two cores wait.
std::int64_t rows_of_tile(std::int64_t m) {
  constexpr std::int64_t kMostRows = 128;
  const std::int64_t pairs = (m + 2 * kMostRows - 1) / (2 * kMostRows);
  return (m + 2 * pairs - 1) / (2 * pairs);
}

}  // namespace

struct PackedGemm::Parts {
  struct Lane {  // what one worker needs for itself
    dnnl::memory a, y, scratch;
  };
  struct Size {
    Size(const PackedShape& shape, std::int64_t rows, const Desc& weight, int workers);
    Primitive described;
    dnnl::matmul primitive;
    std::vector<Lane> lanes;
  };

  PackedShape shape;
  std::int64_t rows = 0;  // of every tile but the last
  Desc weight;
  std::optional<Size> whole, last;
  std::vector<dnnl::stream> streams;
  dnnl::memory packed;
  std::atomic<bool> failed{false};
};

PackedGemm::Parts::Size::Size(const PackedShape& shape, std::int64_t rows, const Desc& weight, int workers)
    : described(describe(shape, rows, weight)), primitive(described) {
  for (int worker = 0; worker < workers; ++worker) {
    lanes.push_back({borrowed(described.src_desc(), nullptr), borrowed(described.dst_desc(), nullptr),
                     dnnl::memory(described.scratchpad_desc(), engine())});
  }
}

PackedGemm::PackedGemm(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
PackedGemm::~PackedGemm() = default;

std::unique_ptr<PackedGemm> PackedGemm::make(const PackedShape& shape, int workers) {
  if (shape.m < kFewestRows || shape.n == 0 || shape.k == 0) return nullptr;
  stay_on_this_thread();
  try {
    auto parts = std::make_unique<Parts>();
    parts->shape = shape;
    const Desc any({shape.k, shape.n}, kF32, Tag::any);
    PackedShape usual = shape;
    usual.lda = shape.k;
    usual.accumulate = false;
    parts->weight = describe(usual, kUsualRows, any).weights_desc();
    parts->rows = rows_of_tile(shape.m);
    const std::int64_t rest = shape.m % parts->rows;
    parts->whole.emplace(shape, parts->rows, parts->weight, workers);
    if (rest != 0) parts->last.emplace(shape, rest, parts->weight, workers);
    if (!gains(parts->whole->described)) return nullptr;
    if (parts->last && !gains(parts->last->described)) return nullptr;
    for (int worker = 0; worker < workers; ++worker) parts->streams.emplace_back(engine());
    return std::unique_ptr<PackedGemm>(new PackedGemm(std::move(parts)));
  } catch (const dnnl::error&) {
    return nullptr;  // no kernel for these sizes
  }
}

std::size_t PackedGemm::packed_floats() const {
  return (parts_->weight.get_size() + sizeof(float) - 1) / sizeof(float);
}

void PackedGemm::pack(const float* b, std::int64_t ldb, bool transpose_b, float* packed) const {
  stay_on_this_thread();
  const PackedShape& shape = parts_->shape;
  const dnnl::memory::dims strides = transpose_b ? dnnl::memory::dims{1, ldb} : dnnl::memory::dims{ldb, 1};
  dnnl::memory from = borrowed(Desc({shape.k, shape.n}, kF32, strides), b);
  dnnl::memory to = borrowed(parts_->weight, packed);
  dnnl::reorder(from, to).execute(parts_->streams[0], from, to);
  parts_->streams[0].wait();
}

void PackedGemm::use(const float* packed) { parts_->packed = borrowed(parts_->weight, packed); }

std::int64_t PackedGemm::tiles() const { return (parts_->shape.m + parts_->rows - 1) / parts_->rows; }

PackedGemm::Rows PackedGemm::tile(std::int64_t i) const {
  const std::int64_t first = i * parts_->rows;
  return {first, std::min(parts_->rows, parts_->shape.m - first)};
}

void PackedGemm::run(std::int64_t i, int worker, const float* a, float* y) const {
  stay_on_this_thread();
  const Rows at = tile(i);
  const auto own = static_cast<std::size_t>(worker);
  auto& size = at.rows == parts_->rows ? parts_->whole : parts_->last;
  Parts::Lane& lane = size->lanes[own];
  lane.a.set_data_handle(const_cast<float*>(a + at.first * parts_->shape.lda));
  lane.y.set_data_handle(y + at.first * parts_->shape.n);
  const std::array<dnnl_exec_arg_t, 4> arguments{{{DNNL_ARG_SRC, lane.a.get()},
                                                  {DNNL_ARG_WEIGHTS, parts_->packed.get()},
                                                  {DNNL_ARG_DST, lane.y.get()},
                                                  {DNNL_ARG_SCRATCHPAD, lane.scratch.get()}}};
  const dnnl_status_t status = dnnl_primitive_execute(size->primitive.get(), parts_->streams[own].get(),
                                                      static_cast<int>(arguments.size()), arguments.data());
  if (status != dnnl_success) parts_->failed = true;
}

void PackedGemm::check() const {
  if (parts_->failed.exchange(false))
    base::fail(base::ErrorKind::environment, "the dense library could not compute a product: out of memory?");
}

}  // namespace motet::device::cpu
