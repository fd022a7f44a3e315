// Where scratch tensors lie: offsets such that no two that live at the same time overlap.
#pragma once

#include <cstdint>
#include <vector>

namespace motet::plan {

struct Block {
  std::uint64_t size_bytes = 0;
  std::uint32_t first_use = 0;  // steps, both included
  std::uint32_t last_use = 0;
  std::uint64_t offset = 0;  // the answer
};

// Fills the offsets, largest block first, each at the lowest place that is free while it lives. Returns the bytes that
// are needed in all.
std::uint64_t lay_out(std::vector<Block>& blocks, std::uint64_t alignment);

}  // namespace motet::plan
