#include "plan/layout.hpp"

#include <algorithm>
#include <numeric>

namespace motet::plan {
namespace {

std::uint64_t round_up(std::uint64_t size, std::uint64_t alignment) {
  return (size + alignment - 1) / alignment * alignment;
}

bool live_together(const Block& a, const Block& b) { return a.first_use <= b.last_use && b.first_use <= a.last_use; }

}  // namespace

std::uint64_t lay_out(std::vector<Block>& blocks, std::uint64_t alignment) {
  std::vector<std::size_t> order(blocks.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return blocks[a].size_bytes > blocks[b].size_bytes; });
  std::vector<std::size_t> placed;  // by offset
  std::uint64_t total = 0;
  for (std::size_t i : order) {
    Block& block = blocks[i];
    std::uint64_t offset = 0;
    for (std::size_t j : placed) {
      const Block& other = blocks[j];
      if (!live_together(block, other)) continue;
      if (other.offset >= offset + block.size_bytes) break;
      offset = std::max(offset, round_up(other.offset + other.size_bytes, alignment));
    }
    block.offset = offset;
    total = std::max(total, round_up(offset + block.size_bytes, alignment));
    const auto at = std::upper_bound(placed.begin(), placed.end(), i,
                                     [&](std::size_t a, std::size_t b) { return blocks[a].offset < blocks[b].offset; });
    placed.insert(at, i);
  }
  return total;
}

}  // namespace motet::plan
