#include "device/vulkan/matmul_dispatch.hpp"

#include <algorithm>
#include <string>

#include "device/vulkan/epilogues.hpp"

namespace motet::device::vulkan {
namespace {

constexpr std::uint32_t kLanes = 8;  // of matmul_lanes: AVX

// What every shader of the family takes.
void feed(KernelCall& call, Dispatch& dispatch, const Product& product) {
  bool a_quads = (product.depth % 4 == 0 || product.a_padded) && product.a_stride % 4 == 0;
  bool b_quads = (product.depth_first ? product.columns : product.depth) % 4 == 0 && product.b_stride % 4 == 0;
  std::vector<std::uint32_t> offsets;
  for (const Product::Offsets& batch : product.batches) {
    offsets.insert(offsets.end(), {batch.a, batch.b, batch.y, 0});
    a_quads = a_quads && batch.a % 4 == 0;
    b_quads = b_quads && batch.b % 4 == 0;
  }
  const auto word = [](std::uint64_t value) { return static_cast<std::uint32_t>(value); };
  dispatch.bind("a", product.a).bind("weight", product.b).bind("y", product.y).bind("offsets", call.constant(offsets));
  dispatch.push("rows", word(product.rows)).push("columns", word(product.columns)).push("depth", word(product.depth));
  dispatch.push("a_stride", word(product.a_stride))
      .push("b_stride", word(product.b_stride))
      .push("y_stride", word(product.y_stride));
  dispatch.push("batches", word(product.batches.size()));
  for (const SpecConstant& constant : dispatch.shader().constants) {
    if (constant.name == "A_QUADS") dispatch.set("A_QUADS", a_quads);
    if (constant.name == "B_QUADS") dispatch.set("B_QUADS", b_quads);
  }
  dispatch.work(static_cast<double>(product.batches.size() * product.rows) *
                static_cast<double>(product.columns * product.depth));
  if (product.epilogues) set_epilogues(call, dispatch, product.bias, product.first_column);
}

std::string weight_name(const Product& product) {
  return std::string(tensor::name(product.weight)) + (product.depth_first ? "_depth_first" : "");
}

void add_tiled(KernelCall& call, const Product& product) {
  const std::uint64_t batches = product.batches.size();
  const auto tiles = [&](std::uint64_t size) {
    return batches * ((product.rows + size - 1) / size) * ((product.columns + size - 1) / size);
  };
  // The largest tile that still gives every compute unit of a big GPU something to do.
  const std::uint64_t size = tiles(128) >= 160 ? 128 : tiles(64) >= 64 ? 64 : 32;
  Dispatch dispatch("matmul_tiled_" + std::to_string(size) + "_" + weight_name(product));
  dispatch.set("local_size_x", size == 128 ? 256 : 64);
  const std::uint64_t across = std::max<std::uint64_t>(size, 64);
  dispatch.groups((product.columns + across - 1) / across, (product.rows + size - 1) / size,
                  std::min<std::uint64_t>(batches, 65535));
  feed(call, dispatch, product);
  call.add(std::move(dispatch));
}

void add_lanes(KernelCall& call, const Product& product) {
  const std::uint64_t batches = product.batches.size();
  const std::uint64_t rows = product.rows > 8 ? 16 : 8;
  const std::uint64_t columns = kLanes * (product.depth_first ? 4 : 8);
  Dispatch dispatch("matmul_lanes_" + std::to_string(rows) + "_" + weight_name(product));
  dispatch.bind("a_quads", product.a);
  if (product.weight == tensor::DType::f32) dispatch.bind("weight_quads", product.b);
  dispatch.set("local_size_x", 8);
  dispatch.groups((product.columns + columns - 1) / columns, (product.rows + rows - 1) / rows,
                  std::min<std::uint64_t>(batches, 65535));
  feed(call, dispatch, product);
  call.add(std::move(dispatch));
}

// How many times 256 of the depth matvec_lanes takes together: at most 4, with the least that lies beyond the end.
std::uint32_t passes(std::uint64_t depth) {
  const auto all = std::max(1u, static_cast<std::uint32_t>((depth + 255) / 256));
  return all <= 4 ? all : (all + 2) / 3 * 3 < (all + 3) / 4 * 4 ? 3 : 4;
}

// matmul_lanes reads every type; these it would read more slowly.
bool has_vector_lanes(tensor::DType weight) {
  return weight == tensor::DType::q8_0 || weight == tensor::DType::q4_0 || weight == tensor::DType::q4_1;
}

// Few rows: what counts is reading the weight once, in order.
bool add_vector(KernelCall& call, const Product& product) {
  const bool software = call.traits().software;
  const bool aligned = product.depth % 4 == 0 && product.a_stride % 4 == 0 && product.b_stride % 4 == 0 &&
                       product.batches[0].a % 4 == 0 && product.batches[0].b % 4 == 0;
  if (product.batches.size() != 1 || product.depth_first || !aligned || product.rows > (software ? 4u : 8u))
    return false;
  if (software && (!has_vector_lanes(product.weight) || !call.features().int64)) return false;
  const std::uint64_t rows = product.rows == 1 ? 1 : software || product.rows > 2 ? (product.rows <= 4 ? 4 : 8) : 2;
  Dispatch dispatch((software ? "matvec_lanes_" : "matvec_") + std::to_string(rows) + "_" + weight_name(product));
  if (software) {
    const std::uint32_t together = product.columns >= 512 ? 32 : 16;
    dispatch.set("local_size_x", kLanes).set("PASSES", passes(product.depth)).push("group_columns", together);
    dispatch.linear((product.columns + together - 1) / together, 1);
  } else {
    dispatch.set("local_size_x", 64).linear(product.columns, 4);
  }
  feed(call, dispatch, product);
  call.add(std::move(dispatch));
  return true;
}

}  // namespace

void add_product(KernelCall& call, const Product& product) {
  if (product.rows == 0 || product.columns == 0 || product.batches.empty()) return;
  const bool lanes = call.traits().software && call.traits().subgroup_size == kLanes;
  if ((lanes || !call.traits().software) && add_vector(call, product)) return;
  if (lanes && call.features().texels) return add_lanes(call, product);
  add_tiled(call, product);
}

}  // namespace motet::device::vulkan
