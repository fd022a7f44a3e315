// That the validation layers are heard: without this, their silence over the other tests would say nothing.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "base/log.hpp"
#include "device/vulkan/buffer.hpp"
#include "device/vulkan/instance.hpp"
#include "device/vulkan/kernel.hpp"
#include "device/vulkan/logical_device.hpp"
#include "device/vulkan/pipelines.hpp"
#include "support/catch.hpp"

namespace motet::device::vulkan::tests {
namespace {

// What is provoked here is not for the log: whatever else stands there fails the test that wrote it.
class Quiet {
 public:
  Quiet() { base::set_log_level(base::LogLevel::off); }
  ~Quiet() { base::set_log_level(base::LogLevel::warning); }
};

std::unique_ptr<LogicalDevice> watched_device() {
  auto instance = std::make_unique<Instance>(true);
  auto devices = instance->physical_devices();
  REQUIRE(!devices.empty());
  PhysicalDevice physical(std::move(devices.front()));
  return std::make_unique<LogicalDevice>(std::move(instance), std::move(physical));
}

bool heard(LogicalDevice& device, const std::string& part) {
  const auto messages = device.instance().validation().messages();
  return std::any_of(messages.begin(), messages.end(),
                     [&](const std::string& text) { return text.find(part) != std::string::npos; });
}

// Records a dispatch with these buffers at bindings 0, 1, ..., and no barrier before it.
void record(LogicalDevice& device, Pipelines& pipelines, const vk::raii::CommandBuffer& commands,
            const vk::raii::DescriptorPool& pool, const Dispatch& dispatch,
            const std::vector<const VulkanBuffer*>& buffers) {
  const ShaderLayout& layout = pipelines.layout(dispatch.shader());
  const vk::DescriptorSetLayout set_layout = *layout.set;
  vk::DescriptorSetAllocateInfo allocation;
  allocation.descriptorPool = *pool;
  allocation.descriptorSetCount = 1;
  allocation.pSetLayouts = &set_layout;
  const auto sets = (*device.handle()).allocateDescriptorSets(allocation, *device.handle().getDispatcher());
  for (std::uint32_t i = 0; i < buffers.size(); ++i) {
    const vk::DescriptorBufferInfo info{buffers[i]->handle(), 0, buffers[i]->padded_bytes()};
    vk::WriteDescriptorSet write;
    write.dstSet = sets[0];
    write.dstBinding = i;
    write.descriptorCount = 1;
    write.descriptorType = vk::DescriptorType::eStorageBuffer;
    write.pBufferInfo = &info;
    device.handle().updateDescriptorSets(write, {});
  }
  commands.bindPipeline(vk::PipelineBindPoint::eCompute, pipelines.pipeline(dispatch));
  commands.bindDescriptorSets(vk::PipelineBindPoint::eCompute, *layout.pipeline, 0, sets[0], {});
  commands.pushConstants<std::byte>(*layout.pipeline, vk::ShaderStageFlagBits::eCompute, 0, dispatch.push_bytes());
  commands.dispatch(1, 1, 1);
}

}  // namespace

TEST_CASE("validation reports a hazard between two dispatches") {
  const Quiet quiet;
  const auto device = watched_device();
  Pipelines pipelines(*device);
  const VulkanBuffer x(*device, 256, Place::device), y(*device, 256, Place::device);
  const vk::DescriptorPoolSize size{vk::DescriptorType::eStorageBuffer, 8};
  vk::DescriptorPoolCreateInfo info;
  info.maxSets = 4;
  info.poolSizeCount = 1;
  info.pPoolSizes = &size;
  const vk::raii::DescriptorPool pool(device->handle(), info);
  Dispatch fill("fill");
  fill.set("local_size_x", 64).push("n", 64u).push("value", 1u).push("columns", 1u);
  Dispatch cast("cast");
  cast.set("local_size_x", 64).push("n", 64u);
  for (const bool waits : {true, false}) {
    const vk::raii::CommandBuffer commands = device->command_buffer();
    commands.begin(vk::CommandBufferBeginInfo{});
    record(*device, pipelines, commands, pool, fill, {&x});
    if (waits) {
      vk::MemoryBarrier barrier;
      barrier.srcAccessMask = vk::AccessFlagBits::eShaderWrite;
      barrier.dstAccessMask = vk::AccessFlagBits::eShaderRead;
      commands.pipelineBarrier(vk::PipelineStageFlagBits::eComputeShader, vk::PipelineStageFlagBits::eComputeShader, {},
                               barrier, {}, {});
    }
    record(*device, pipelines, commands, pool, cast, {&x, &y});
    commands.end();
    CHECK(heard(*device, "SYNC-HAZARD-READ-AFTER-WRITE") == !waits);
    if (waits) CHECK_NOTHROW(device->check_validation());
  }
  CHECK_THROWS_AS(device->check_validation(), base::Error);
  CHECK_NOTHROW(device->check_validation());  // said once
}

TEST_CASE("validation reports an invalid use") {
  const Quiet quiet;
  const auto device = watched_device();
  const vk::raii::CommandBuffer commands = device->command_buffer();
  commands.begin(vk::CommandBufferBeginInfo{});
  vk::MemoryBarrier barrier;
  barrier.srcAccessMask = vk::AccessFlagBits::eHostRead;  // which the stage below does not do
  commands.pipelineBarrier(vk::PipelineStageFlagBits::eComputeShader, vk::PipelineStageFlagBits::eHost, {}, barrier, {},
                           {});
  commands.end();
  CHECK(heard(*device, "VUID-vkCmdPipelineBarrier"));
  CHECK_THROWS_AS(device->check_validation(), base::Error);
}

TEST_CASE("validation reports what is found when no call is left to throw it, and the process ends") {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const Quiet quiet;
    std::signal(SIGABRT, SIG_DFL);  // Catch's own would write of a failure
    {
      const auto device = watched_device();
      vk::BufferCreateInfo info;
      info.size = 256;
      info.usage = vk::BufferUsageFlagBits::eStorageBuffer;
      static_cast<void>(vk::raii::Buffer(device->handle(), info).release());  // lost: found as the device closes
    }
    _exit(0);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK((WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT));
}

}  // namespace motet::device::vulkan::tests
