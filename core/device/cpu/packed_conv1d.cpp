#include "device/cpu/packed_conv1d.hpp"

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
using Primitive = dnnl::convolution_forward::primitive_desc;

constexpr std::int64_t kUsualSteps = 128;  // for which the weight's form is chosen, so that all sizes share it
constexpr std::int64_t kMostSteps = 128;   // of a tile

Primitive describe(const ConvShape& shape, std::int64_t steps, const Desc& weight) {
  const Desc x({1, shape.in, (steps - 1) * shape.stride + shape.kernel}, kF32, Tag::nwc);
  const Desc y({1, shape.out, steps}, kF32, Tag::nwc);
  const Desc bias = dense::has_bias(shape.finish) ? Desc({shape.out}, kF32, Tag::a) : Desc();
  const dnnl::primitive_attr attributes = dense::attributes_of(shape.finish, y);
  constexpr auto kKind = dnnl::prop_kind::forward_inference;
  constexpr auto kDirect = dnnl::algorithm::convolution_direct;
#if DNNL_VERSION_MAJOR >= 3  // which folded an operation's description into its primitive's
  return Primitive(engine(), kKind, kDirect, x, weight, bias, y, {shape.stride}, {0}, {0}, attributes);
#else
  return Primitive(dnnl::convolution_forward::desc(kKind, kDirect, x, weight, bias, y, {shape.stride}, {0}, {0}),
                   attributes, engine());
#endif
}

struct Size {
  Size(const ConvShape& shape, std::int64_t steps, const Desc& weight)
      : described(describe(shape, steps, weight)), primitive(described) {}
  Primitive described;
  dnnl::convolution_forward primitive;
  std::vector<Lane> lanes;  // by worker
};

}  // namespace

struct PackedConv1d::Parts {
  Parts(const ConvShape& wanted, int n_workers);
  std::int64_t tiles_of_item() const { return (shape.steps + steps - 1) / steps; }

  ConvShape shape;
  std::int64_t steps = 0;  // of every tile of an item but its last
  Desc weight;
  std::optional<Size> whole, last;
  std::vector<dnnl::stream> streams;  // by worker
  dnnl::memory packed, bias;
  std::atomic<bool> failed{false};
};

PackedConv1d::Parts::Parts(const ConvShape& wanted, int n_workers) : shape(wanted) {
  ConvShape usual = shape;
  usual.finish.clear();
  const Desc any({shape.out, shape.in, shape.kernel}, kF32, Tag::any);
  weight = describe(usual, kUsualSteps, any).weights_desc();
  steps = dense::rows_of_tile(shape.steps, kMostSteps);
  const std::int64_t rest = shape.steps % steps;
  whole.emplace(shape, steps, weight);
  if (rest != 0) last.emplace(shape, rest, weight);
  if (dense::has_bias(shape.finish)) bias = borrowed(Desc({shape.out}, kF32, Tag::a), shape.finish.front().operand);
  for (int worker = 0; worker < n_workers; ++worker) streams.emplace_back(engine());
}

PackedConv1d::PackedConv1d(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
PackedConv1d::~PackedConv1d() = default;

std::unique_ptr<PackedConv1d> PackedConv1d::make(const ConvShape& shape, int workers) {
  if (shape.batch == 0 || shape.steps < kFewestSteps || shape.in == 0 || shape.out == 0) return nullptr;
  stay_on_this_thread();
  ConvShape bare = shape;
  bare.finish.clear();
  for (const ConvShape& tried : {shape, bare}) {
    try {
      auto parts = std::make_unique<Parts>(tried, workers);
      const auto gains = [](const std::optional<Size>& size) {
        return !size || dense::gains_from_packing(size->described.impl_info_str());
      };
      if (gains(parts->whole) && gains(parts->last)) {
        return std::unique_ptr<PackedConv1d>(new PackedConv1d(std::move(parts)));
      }
    } catch (const dnnl::error&) {
      // no kernel for these sizes and finishes
    }
  }
  return nullptr;
}

std::size_t PackedConv1d::finished() const { return parts_->shape.finish.size(); }

std::size_t PackedConv1d::packed_floats() const {
  return (parts_->weight.get_size() + sizeof(float) - 1) / sizeof(float);
}

void PackedConv1d::pack(const float* weight, float* packed) const {
  stay_on_this_thread();
  const ConvShape& shape = parts_->shape;
  dnnl::memory from = borrowed(Desc({shape.out, shape.in, shape.kernel}, kF32, Tag::oiw), weight);
  dnnl::memory to = borrowed(parts_->weight, packed);
  dnnl::reorder(from, to).execute(parts_->streams[0], from, to);
  parts_->streams[0].wait();
}

void PackedConv1d::use(const float* packed) {
  parts_->packed = borrowed(parts_->weight, packed);
  for (std::optional<Size>* size : {&parts_->whole, &parts_->last}) {
    if (!*size) continue;
    (*size)->lanes.clear();
    for (std::size_t worker = 0; worker < parts_->streams.size(); ++worker)
      (*size)->lanes.emplace_back((*size)->described, parts_->shape.finish, parts_->packed, parts_->bias);
  }
}

std::int64_t PackedConv1d::tiles() const { return parts_->shape.batch * parts_->tiles_of_item(); }

PackedConv1d::Rows PackedConv1d::tile(std::int64_t i) const {
  const std::int64_t item = i / parts_->tiles_of_item();
  const std::int64_t step = i % parts_->tiles_of_item() * parts_->steps;
  return {item * parts_->shape.steps + step, std::min(parts_->steps, parts_->shape.steps - step)};
}

void PackedConv1d::run(std::int64_t i, int worker, const float* x, float* y) const {
  const Rows at = tile(i);
  const auto own = static_cast<std::size_t>(worker);
  const ConvShape& shape = parts_->shape;
  const std::int64_t from = at.first / shape.steps * shape.length + at.first % shape.steps * shape.stride;
  std::optional<Size>& size = at.rows == parts_->steps ? parts_->whole : parts_->last;
  if (!size->lanes[own].run(size->primitive, parts_->streams[own], x + from * shape.in, y, at.first * shape.out,
                            shape.finish)) {
    parts_->failed = true;
  }
}

void PackedConv1d::check() const {
  if (parts_->failed.exchange(false))
    base::fail(base::ErrorKind::environment, "the dense library could not compute a convolution: out of memory?");
}

}  // namespace motet::device::cpu
