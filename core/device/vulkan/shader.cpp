#include "device/vulkan/shader.hpp"

#include <map>
#include <vector>

namespace motet::device::vulkan {

namespace shaders {
#define X(stem) extern const std::span<const Shader> stem;
#include "device/vulkan/shader_table.inc"
#undef X
}  // namespace shaders

std::span<const Shader* const> all_shaders() {
  static const std::vector<const Shader*> all = [] {
    std::vector<const Shader*> list;
#define X(stem) \
  for (const Shader& shader : shaders::stem) list.push_back(&shader);
#include "device/vulkan/shader_table.inc"
#undef X
    return list;
  }();
  return all;
}

const Shader* find_shader(std::string_view name) {
  static const std::map<std::string_view, const Shader*> by_name = [] {
    std::map<std::string_view, const Shader*> map;
    for (const Shader* shader : all_shaders()) map.emplace(shader->name, shader);
    return map;
  }();
  const auto found = by_name.find(name);
  return found == by_name.end() ? nullptr : found->second;
}

}  // namespace motet::device::vulkan
