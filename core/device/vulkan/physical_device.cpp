#include "device/vulkan/physical_device.hpp"

#include <algorithm>
#include <cstdio>
#include <limits>
#include <utility>

namespace motet::device::vulkan {
namespace {

constexpr double kWorkOfSubmission = 3e10;  // multiply-adds: 0.3 s of a slow GPU
// What the shaders are written for (shaders/include): the smallest that any driver of Vulkan 1.1 has is less.
constexpr std::uint32_t kWorkgroupInvocations = 256;
constexpr std::uint32_t kStorageBuffersOfStage = 16;
constexpr std::uint64_t kOffsetAlignment = 64;
constexpr std::uint64_t kTexelBytes = 16;  // four f32

plan::Traits traits_of(const vk::PhysicalDeviceProperties& properties, std::uint32_t subgroup_size) {
  plan::Traits traits;
  const vk::PhysicalDeviceLimits& limits = properties.limits;
  traits.device = "vulkan:" + std::string(properties.deviceName.data());
  traits.offset_alignment =
      std::max({kOffsetAlignment, limits.minStorageBufferOffsetAlignment, limits.minTexelBufferOffsetAlignment});
  traits.max_binding_bytes = limits.maxStorageBufferRange;
  traits.subgroup_size = subgroup_size;
  traits.shared_memory_bytes = limits.maxComputeSharedMemorySize;
  traits.software = properties.deviceType == vk::PhysicalDeviceType::eCpu;
  return traits;
}

}  // namespace

PhysicalDevice::PhysicalDevice(vk::raii::PhysicalDevice handle) : handle_(std::move(handle)) {
  properties_ = handle_.getProperties();
  std::uint32_t subgroup_size = 1;
  if (properties_.apiVersion >= VK_API_VERSION_1_1) {
    const auto chain = handle_.getProperties2<vk::PhysicalDeviceProperties2, vk::PhysicalDeviceSubgroupProperties>();
    subgroup_size = chain.get<vk::PhysicalDeviceSubgroupProperties>().subgroupSize;
  }
  traits_ = traits_of(properties_, subgroup_size);
  features_.int64 = handle_.getFeatures().shaderInt64 == VK_TRUE;
  features_.texels = properties_.limits.maxTexelBufferElements >= traits_.max_binding_bytes / kTexelBytes;
  work_of_submission_ = traits_.software ? std::numeric_limits<double>::infinity() : kWorkOfSubmission;
  if (properties_.apiVersion >= VK_API_VERSION_1_2) {
    const auto chain = handle_.getProperties2<vk::PhysicalDeviceProperties2, vk::PhysicalDeviceDriverProperties>();
    const auto& driver = chain.get<vk::PhysicalDeviceDriverProperties>();
    driver_ = std::string(driver.driverName.data()) + " " + driver.driverInfo.data();
  }
  // A family for compute alone does not wait for somebody's graphics.
  const auto families = handle_.getQueueFamilyProperties();
  for (std::uint32_t i = 0; i < families.size(); ++i) {
    if (!(families[i].queueFlags & vk::QueueFlagBits::eCompute)) continue;
    const bool alone = !(families[i].queueFlags & vk::QueueFlagBits::eGraphics);
    if (queue_family_ != ~0u && !alone) continue;
    queue_family_ = i;
    timestamp_bits_ = families[i].timestampValidBits;
    if (alone) break;
  }
}

std::string PhysicalDevice::kind() const {
  switch (properties_.deviceType) {
    case vk::PhysicalDeviceType::eDiscreteGpu:
      return "discrete";
    case vk::PhysicalDeviceType::eIntegratedGpu:
      return "integrated";
    case vk::PhysicalDeviceType::eCpu:
      return "software";
    default:
      return "other";
  }
}

int PhysicalDevice::preference() const {
  switch (properties_.deviceType) {
    case vk::PhysicalDeviceType::eDiscreteGpu:
      return 4;
    case vk::PhysicalDeviceType::eIntegratedGpu:
      return 3;
    case vk::PhysicalDeviceType::eVirtualGpu:
      return 2;
    case vk::PhysicalDeviceType::eCpu:
      return 0;
    default:
      return 1;
  }
}

std::string PhysicalDevice::problem() const {
  const vk::PhysicalDeviceLimits& limits = properties_.limits;
  if (properties_.apiVersion < VK_API_VERSION_1_1) return "its driver has Vulkan 1.0, wanted 1.1 or newer";
  if (queue_family_ == ~0u) return "it has no queue for compute";
  if (limits.maxComputeWorkGroupInvocations < kWorkgroupInvocations) return "its workgroups are too small";
  if (limits.maxPerStageDescriptorStorageBuffers < kStorageBuffersOfStage) return "it binds too few buffers at once";
  return {};
}

std::string PhysicalDevice::uuid() const {
  std::string text;
  for (const std::uint8_t byte : properties_.pipelineCacheUUID) {
    char hex[3];
    std::snprintf(hex, sizeof hex, "%02x", byte);
    text += hex;
  }
  return text;
}

DeviceInfo PhysicalDevice::info() const {
  DeviceInfo info;
  info.name = "vulkan:" + name();
  info.description = name() + (driver_.empty() ? "" : ", " + driver_);
  info.kind = kind();
  info.problem = problem();
  info.traits = traits_;
  return info;
}

}  // namespace motet::device::vulkan
