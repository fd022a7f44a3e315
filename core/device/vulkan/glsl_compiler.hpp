// GLSL to SPIR-V, by the glslang library.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace motet::device::vulkan {

// The first mistake that the compiler found.
struct GlslMistake {
  int part = 0;  // the number that `#line LINE PART` gave to the text
  int line = 0;  // within it; 0: it concerns the whole
  std::string message;
};

// A compute shader for Vulkan 1.1. Any thread.
std::variant<std::vector<std::uint32_t>, GlslMistake> compile_glsl(const std::string& source);

// Changes when the compiler does.
std::string glsl_compiler_version();

}  // namespace motet::device::vulkan
