#include "device/vulkan/matmul_dispatch.hpp"

#include <algorithm>
#include <string>

#include "device/vulkan/epilogues.hpp"

namespace motet::device::vulkan {
namespace {

bool all_multiples_of_4(const Product& product, std::size_t which) {
  for (std::size_t i = which; i < product.offsets.size(); i += 2) {
    if (product.offsets[i] % 4 != 0) return false;
  }
  return true;
}

// What every shader of the family takes.
void feed(KernelCall& call, Dispatch& dispatch, const Product& product) {
  const auto batches = static_cast<std::uint32_t>(product.offsets.size() / 2);
  dispatch.bind("a", product.a).bind("weight", product.b).bind("y", call.output());
  dispatch.bind("offsets", call.constant(product.offsets));
  dispatch.push("rows", static_cast<std::uint32_t>(product.rows)).push("columns", static_cast<std::uint32_t>(product.columns));
  dispatch.push("depth", static_cast<std::uint32_t>(product.depth)).push("a_stride", static_cast<std::uint32_t>(product.a_stride));
  dispatch.push("batches", batches);
  const std::uint64_t width = product.depth_first ? product.columns : product.depth;
  dispatch.set("A_QUADS", product.depth % 4 == 0 && product.a_stride % 4 == 0 && all_multiples_of_4(product, 0));
  dispatch.set("B_QUADS", width % 4 == 0 && all_multiples_of_4(product, 1));
  dispatch.work(static_cast<double>(batches) * static_cast<double>(product.rows) * static_cast<double>(product.columns) * static_cast<double>(product.depth));
  set_epilogues(call, dispatch, product.bias);
}

std::string weight_name(const Product& product) {
  return std::string(tensor::name(product.weight)) + (product.depth_first ? "_depth_first" : "");
}

void add_tiled(KernelCall& call, const Product& product) {
  const std::uint64_t batches = product.offsets.size() / 2;
  const auto tiles = [&](std::uint64_t size) {
    return batches * ((product.rows + size - 1) / size) * ((product.columns + size - 1) / size);
  };
  // The largest tile that still gives every compute unit of a big GPU something to do.
  const std::uint64_t size = tiles(128) >= 160 ? 128 : tiles(64) >= 64 ? 64 : 32;
  Dispatch dispatch("matmul_tiled_" + std::to_string(size) + "_" + weight_name(product));
  dispatch.set("local_size_x", size == 128 ? 256 : 64);
  dispatch.groups((product.columns + size - 1) / size, (product.rows + size - 1) / size, std::min<std::uint64_t>(batches, 65535));
  feed(call, dispatch, product);
  call.add(std::move(dispatch));
}

}  // namespace

void add_product(KernelCall& call, const Product& product) {
  if (product.rows == 0 || product.columns == 0 || product.offsets.empty()) return;
  add_tiled(call, product);
}

}  // namespace motet::device::vulkan
