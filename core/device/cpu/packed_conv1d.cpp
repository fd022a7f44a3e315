#include "device/cpu/packed_conv1d.hpp"

#include <algorithm>

#include "device/cpu/dense_library.hpp"

namespace motet::device::cpu {
namespace {

using dense::Desc;
using dense::kF32;
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
  return Primitive(dense::engine(), kKind, kDirect, x, weight, bias, y, {shape.stride}, {0}, {0}, attributes);
#else
  return Primitive(dnnl::convolution_forward::desc(kKind, kDirect, x, weight, bias, y, {shape.stride}, {0}, {0}),
                   attributes, dense::engine());
#endif
}

// The form that the library likes best.
Desc packed_form(ConvShape shape) {
  shape.finish.clear();
  return describe(shape, kUsualSteps, Desc({shape.out, shape.in, shape.kernel}, kF32, Tag::any)).weights_desc();
}

}  // namespace

struct PackedConv1d::Parts {
  Parts(const ConvShape& wanted, const Desc& form, std::int64_t tile_steps, int workers)
      : shape(wanted),
        steps(tile_steps),
        tiles(describe(shape, steps, form),
              shape.steps % steps == 0 ? std::nullopt : std::optional(describe(shape, shape.steps % steps, form)),
              shape.finish, Desc({shape.out}, kF32, Tag::a), workers) {}
  std::int64_t tiles_of_item() const { return (shape.steps + steps - 1) / steps; }

  ConvShape shape;
  std::int64_t steps;  // of every tile of an item but its last
  dense::PackedTiles<dnnl::convolution_forward> tiles;
};

PackedConv1d::PackedConv1d(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
PackedConv1d::~PackedConv1d() = default;

std::unique_ptr<PackedConv1d> PackedConv1d::make(const ConvShape& shape, int workers) {
  if (shape.batch == 0 || shape.steps < kFewestSteps || shape.in == 0 || shape.out == 0) return nullptr;
  stay_on_this_thread();
  auto parts = dense::first_that_gains(shape, [&](const ConvShape& tried) {
    return std::make_unique<Parts>(tried, packed_form(tried), dense::rows_of_tile(tried.steps, kMostSteps), workers);
  });
  return parts == nullptr ? nullptr : std::unique_ptr<PackedConv1d>(new PackedConv1d(std::move(parts)));
}

std::size_t PackedConv1d::finished() const { return parts_->tiles.finished(); }
std::size_t PackedConv1d::packed_floats() const { return parts_->tiles.packed_floats(); }

void PackedConv1d::pack(const float* weight, float* packed) const {
  const ConvShape& shape = parts_->shape;
  parts_->tiles.pack(Desc({shape.out, shape.in, shape.kernel}, kF32, Tag::oiw), weight, packed);
}

void PackedConv1d::use(const float* packed) { parts_->tiles.use(packed); }

std::int64_t PackedConv1d::tiles() const { return parts_->shape.batch * parts_->tiles_of_item(); }

PackedConv1d::Rows PackedConv1d::tile(std::int64_t i) const {
  const std::int64_t item = i / parts_->tiles_of_item();
  const std::int64_t step = i % parts_->tiles_of_item() * parts_->steps;
  return {item * parts_->shape.steps + step, std::min(parts_->steps, parts_->shape.steps - step)};
}

void PackedConv1d::run(std::int64_t i, int worker, const float* x, float* y) const {
  const Rows at = tile(i);
  const ConvShape& shape = parts_->shape;
  const std::int64_t from = at.first / shape.steps * shape.length + at.first % shape.steps * shape.stride;
  parts_->tiles.run(at.rows == parts_->steps, worker, x + from * shape.in, y, at.first * shape.out);
}

void PackedConv1d::check() const { parts_->tiles.check("convolution"); }

}  // namespace motet::device::cpu
