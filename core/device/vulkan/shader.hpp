// A compiled variant of a shader and what was reflected from its SPIR-V. Made by tools/compile_shaders.py.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace motet::device::vulkan {

// Memory that a shader sees. Several may share a number where a shader reads the same storage buffer as two types.
struct Binding {
  std::string_view name;  // of a storage buffer its block's first member
  std::uint32_t number;
  enum class Kind : std::uint8_t {
    read,  // storage buffers
    written,
    texels  // a uniform texel buffer: vectors of four f32
  } kind;
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

// What shaders may use that not every device has.
struct ShaderFeatures {
  bool int64 = false;
  bool texels = false;  // a texel buffer over all that a storage buffer could show
};

// nullptr where there is none of this name. [any thread]
const Shader* find_shader(std::string_view name);
// All variants of all shaders, in the order of their files.
std::span<const Shader* const> all_shaders();

}  // namespace motet::device::vulkan
