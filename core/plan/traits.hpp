// What planning must know of a device: limits and features, pure data.
#pragma once

#include <cstdint>
#include <string>

namespace motet::plan {

struct Traits {
  std::string device;                                   // "cpu", "vulkan:llvmpipe (LLVM 15.0.6, 256 bits)"
  std::uint64_t offset_alignment = 64;                  // bytes, of every tensor in the arena
  std::uint64_t max_binding_bytes = ~std::uint64_t{0};  // the largest tensor that one operand may be
  std::uint32_t subgroup_size = 1;
  std::uint32_t shared_memory_bytes = 0;
  int max_epilogues = 4;          // fused after one operation
  int max_epilogue_operands = 2;  // tensors among them
  bool software = false;          // a Vulkan driver that runs on the CPU
};

}  // namespace motet::plan
