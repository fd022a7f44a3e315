// Compute pipelines by shader and specialisation, made when first asked for and remembered on disk.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "device/vulkan/custom_shaders.hpp"
#include "device/vulkan/kernel.hpp"
#include "device/vulkan/logical_device.hpp"
#include "device/vulkan/vk.hpp"

namespace motet::device::vulkan {

// What every variant of one shader shares.
struct ShaderLayout {
  vk::raii::ShaderModule module{nullptr};
  vk::raii::DescriptorSetLayout set{nullptr};
  vk::raii::PipelineLayout pipeline{nullptr};
  std::uint32_t storage_buffers = 0;  // distinct binding numbers
  std::uint32_t texel_buffers = 0;
};

vk::DescriptorType descriptor_type(const Binding& binding);

class Pipelines {
 public:
  explicit Pipelines(LogicalDevice& device);
  ~Pipelines();  // writes the cache, if there is something new
  Pipelines(const Pipelines&) = delete;
  Pipelines& operator=(const Pipelines&) = delete;

  const ShaderLayout& layout(const Shader& shader);
  vk::Pipeline pipeline(const Dispatch& dispatch);
  CustomShaders& custom_shaders() { return custom_shaders_; }
  // What the driver's compiler says of each pipeline, where it can (LogicalDevice::pipeline_statistics).
  struct Statistics {
    std::string_view shader;
    std::vector<std::pair<std::string_view, std::uint32_t>> constants;  // specialised: name, bits
    std::map<std::string, std::int64_t> numbers;                        // by the driver's own names
    std::string assembly;                                               // "" where it gives none
  };
  std::vector<Statistics> statistics() const;

 private:
  using Key = std::pair<const Shader*, std::vector<std::pair<std::uint32_t, std::uint32_t>>>;
  void save() const;
  std::string assembly(vk::Pipeline pipeline) const;

  LogicalDevice& device_;
  CustomShaders custom_shaders_;
  std::filesystem::path file_;  // empty where there is no place for it
  vk::raii::PipelineCache cache_{nullptr};
  std::map<const Shader*, ShaderLayout> layouts_;
  std::map<Key, vk::raii::Pipeline> pipelines_;
};

}  // namespace motet::device::vulkan
