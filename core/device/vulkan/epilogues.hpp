// A step's epilogues as constants and buffers of a shader that includes epilogue.glsl.
#pragma once

#include <optional>

#include "device/vulkan/kernel.hpp"

namespace motet::device::vulkan {

// Sets what epilogue.glsl declares. With `bias`, adds that [D] operand first (conv1d's own). A dispatch that has the
// output's last dimension from `first_column` on sees operands of that dimension from there.
void set_epilogues(const KernelCall& call, Dispatch& dispatch, std::optional<Operand> bias = {},
                   std::uint64_t first_column = 0);
// For kernels that do not apply them: a dispatch over the finished output.
void add_epilogue_dispatch(KernelCall& call);

// Numbers of the functions in functions.glsl.
std::uint32_t unary_number(std::string_view fn);
std::uint32_t binary_number(std::string_view fn);
bool is_binary(std::string_view fn);

}  // namespace motet::device::vulkan
