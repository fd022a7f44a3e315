#include "device/vulkan/buffer.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace motet::device::vulkan {
namespace {

constexpr std::uint64_t kPadding = 256;

std::uint64_t padded(std::uint64_t bytes) { return std::max(kPadding, (bytes + kPadding - 1) / kPadding * kPadding); }

using Flags = vk::MemoryPropertyFlags;
using Flag = vk::MemoryPropertyFlagBits;

// What a place wishes for, the best first; the last of each is there on every device.
std::array<Flags, 3> wishes(Place place) {
  const Flags host = Flag::eHostVisible | Flag::eHostCoherent;
  switch (place) {
    case Place::device:
      return {host | Flag::eDeviceLocal, Flag::eDeviceLocal, Flags{}};
    case Place::input:
      return {host | Flag::eDeviceLocal, host, host};
    case Place::result:
      return {host | Flag::eHostCached, host, host};
  }
  return {};
}

struct Choice {
  std::uint32_t type = 0;
  Flags flags;
};

Choice choose(const vk::PhysicalDeviceMemoryProperties& memory, std::uint32_t allowed, Place place,
              std::uint64_t bytes) {
  // A small window of mapped device memory is not for weights, unless there is nothing else.
  for (const bool must_fit : {true, false}) {
    for (const Flags wish : wishes(place)) {
      for (std::uint32_t i = 0; i < memory.memoryTypeCount; ++i) {
        const Flags flags = memory.memoryTypes[i].propertyFlags;
        const bool fits = bytes < memory.memoryHeaps[memory.memoryTypes[i].heapIndex].size / 2;
        if ((allowed >> i & 1u) != 0 && (flags & wish) == wish && (fits || !must_fit)) return {i, flags};
      }
    }
  }
  base::fail(base::ErrorKind::environment,
             "the device has no memory for a buffer of " + std::to_string(bytes >> 20) + " MiB",
             "use a smaller model or shorter inputs, or --device cpu");
}

}  // namespace

VulkanBuffer::VulkanBuffer(LogicalDevice& device, std::uint64_t size_bytes, Place place)
    : Buffer(size_bytes), padded_bytes_(padded(size_bytes)) {
  guarded("allocating " + std::to_string(padded_bytes_ >> 10) + " KiB", [&] {
    vk::BufferCreateInfo info;
    info.size = padded_bytes_;
    info.usage = vk::BufferUsageFlagBits::eStorageBuffer | vk::BufferUsageFlagBits::eUniformTexelBuffer |
                 vk::BufferUsageFlagBits::eTransferSrc | vk::BufferUsageFlagBits::eTransferDst;
    buffer_ = vk::raii::Buffer(device.handle(), info);
    const vk::MemoryRequirements wanted = buffer_.getMemoryRequirements();
    const Choice choice =
        choose(device.physical().handle().getMemoryProperties(), wanted.memoryTypeBits, place, wanted.size);
    vk::MemoryAllocateInfo allocation;
    allocation.allocationSize = wanted.size;
    allocation.memoryTypeIndex = choice.type;
    memory_ = vk::raii::DeviceMemory(device.handle(), allocation);
    ++device.counters().allocations;
    buffer_.bindMemory(*memory_, 0);
    const Flags host = Flag::eHostVisible | Flag::eHostCoherent;
    if ((choice.flags & host) == host) {
      mapped_ = {static_cast<std::byte*>(memory_.mapMemory(0, VK_WHOLE_SIZE)), padded_bytes_};
    }
  });
}

}  // namespace motet::device::vulkan
