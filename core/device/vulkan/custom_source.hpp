// The compute shader around the GLSL body of an operation that a plugin brings: buffers, accessors and main().
//
// Binding 0 has the facts, 32-bit words: for each operand, then for each output, whether it is given, its elements, its
// rank and eight sizes; then the attributes. Bindings 1 to n are the operands, n + 1 is the output that it computes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "device/vulkan/kernel.hpp"
#include "program/custom.hpp"

namespace motet::device::vulkan {

// The part that is the author's, as `#line` numbers it.
inline constexpr int kAuthorsPart = 1;

// Computes output number `output`. Pushed: motet_first and motet_count, the elements of one dispatch.
std::string custom_source(const program::OpDef& op, std::size_t output);

// What binding 0 holds for a step.
std::vector<std::uint32_t> custom_facts(const KernelCall& call);

}  // namespace motet::device::vulkan
