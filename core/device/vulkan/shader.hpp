// A compiled variant of a shader and what was reflected from its SPIR-V. Made by tools/compile_shaders.py.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace motet::device::vulkan {

// A storage buffer. Several may share a number where a shader reads the same memory as two types.
struct Binding {
  std::string_view name;  // of the block's first member
  std::uint32_t number;
  bool written;
};

struct PushMember {
  std::string_view name;
  std::uint32_t offset;  // bytes
  std::uint32_t words;   // 1, or the size of an array
};

struct SpecConstant {
  std::string_view name;  // local_size_x for the workgroup's size
  std::uint32_t id;
  std::uint32_t otherwise;  // the default's bits
};

struct Shader {
  std::string_view name;
  std::span<const std::uint32_t> words;
  std::span<const Binding> bindings;
  std::span<const PushMember> push;
  std::span<const SpecConstant> constants;
};

// nullptr where there is none of this name. [any thread]
const Shader* find_shader(std::string_view name);
// All variants of all shaders, in the order of their files.
std::span<const Shader* const> all_shaders();

}  // namespace motet::device::vulkan
