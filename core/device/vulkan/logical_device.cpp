#include "device/vulkan/logical_device.hpp"

#include <cstring>
#include <optional>
#include <string>
#include <utility>

namespace motet::device::vulkan {
namespace {

bool has_extension(const PhysicalDevice& physical, const char* name) {
  for (const auto& extension : physical.handle().enumerateDeviceExtensionProperties()) {
    if (std::strcmp(extension.extensionName, name) == 0) return true;
  }
  return false;
}

vk::raii::Device make_device(const PhysicalDevice& physical, bool pipeline_statistics) {
  const float priority = 1.0f;
  vk::DeviceQueueCreateInfo queue;
  queue.queueFamilyIndex = physical.queue_family();
  queue.queueCount = 1;
  queue.pQueuePriorities = &priority;
  const char* statistics_extension = VK_KHR_PIPELINE_EXECUTABLE_PROPERTIES_EXTENSION_NAME;
  vk::PhysicalDevicePipelineExecutablePropertiesFeaturesKHR statistics;
  statistics.pipelineExecutableInfo = VK_TRUE;
  vk::DeviceCreateInfo info;
  info.queueCreateInfoCount = 1;
  info.pQueueCreateInfos = &queue;
  vk::PhysicalDeviceFeatures features;
  features.shaderInt64 = physical.features().int64 ? VK_TRUE : VK_FALSE;
  info.pEnabledFeatures = &features;
  if (pipeline_statistics) {
    info.pNext = &statistics;
    info.enabledExtensionCount = 1;
    info.ppEnabledExtensionNames = &statistics_extension;
  }
  return vk::raii::Device(physical.handle(), info);
}

}  // namespace

LogicalDevice::LogicalDevice(std::unique_ptr<Instance> instance, PhysicalDevice physical)
    : instance_(std::move(instance)),
      physical_(std::move(physical)),
      pipeline_statistics_(has_extension(physical_, VK_KHR_PIPELINE_EXECUTABLE_PROPERTIES_EXTENSION_NAME)) {
  guarded("opening " + physical_.name(), [&] {
    device_ = make_device(physical_, pipeline_statistics_);
    queue_ = vk::raii::Queue(device_, physical_.queue_family(), 0);
    vk::CommandPoolCreateInfo pool;
    pool.flags = vk::CommandPoolCreateFlagBits::eResetCommandBuffer;
    pool.queueFamilyIndex = physical_.queue_family();
    pool_ = vk::raii::CommandPool(device_, pool);
  });
}

vk::raii::CommandBuffer LogicalDevice::command_buffer() const {
  vk::CommandBufferAllocateInfo info;
  info.commandPool = *pool_;
  info.level = vk::CommandBufferLevel::ePrimary;
  info.commandBufferCount = 1;
  return std::move(vk::raii::CommandBuffers(device_, info).front());
}

void LogicalDevice::run(std::span<const vk::CommandBuffer> commands) {
  guarded(running_, [&] {
    submits_.resize(commands.size());
    for (std::size_t i = 0; i < commands.size(); ++i) {
      submits_[i].commandBufferCount = 1;
      submits_[i].pCommandBuffers = &commands[i];
    }
    // Made late: a driver without hardware compiles shaders, but cannot make one.
    if (*fence_ == vk::Fence{}) fence_ = vk::raii::Fence(device_, vk::FenceCreateInfo{});
    device_.resetFences(*fence_);
    queue_.submit(submits_, *fence_);
    ++counters_.submissions;
    (void)device_.waitForFences(*fence_, VK_TRUE, UINT64_MAX);
  });
  check_validation();
}

void LogicalDevice::check_validation() {
  if (!instance_->validates()) return;
  const std::optional<std::string> news = instance_->validation().news();
  if (!news) return;
  base::fail(base::ErrorKind::environment, "Vulkan validation: " + *news,
             "this is a mistake in Motet; please report it");
}

}  // namespace motet::device::vulkan
