// Device memory with one buffer over it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "device/device.hpp"
#include "device/vulkan/logical_device.hpp"

namespace motet::device::vulkan {

enum class Place {
  device,  // the fastest for shaders; mapped too where the device's memory is the host's
  input,   // mapped; written by the host, read by shaders
  result,  // mapped, cached by the host; written by shaders
};

class VulkanBuffer final : public Buffer {
 public:
  // Contents are undefined. Throws base::Error(environment) where there is not enough memory.
  VulkanBuffer(LogicalDevice& device, std::uint64_t size_bytes, Place place);

  vk::Buffer handle() const { return *buffer_; }
  // Empty where the host cannot see the memory. Coherent.
  std::span<std::byte> mapped() const { return mapped_; }
  // size_bytes() rounded up so that shaders may read whole vectors.
  std::uint64_t padded_bytes() const { return padded_bytes_; }

 private:
  std::uint64_t padded_bytes_;
  vk::raii::DeviceMemory memory_{nullptr};  // outlives the buffer
  vk::raii::Buffer buffer_{nullptr};
  std::span<std::byte> mapped_;
};

}  // namespace motet::device::vulkan
