// The opened device with its one queue, and what it counts.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "device/device.hpp"
#include "device/vulkan/instance.hpp"
#include "device/vulkan/physical_device.hpp"
#include "device/vulkan/vk.hpp"

namespace motet::device::vulkan {

class LogicalDevice {
 public:
  LogicalDevice(std::unique_ptr<Instance> instance, PhysicalDevice physical);

  const vk::raii::Device& handle() const { return device_; }
  const PhysicalDevice& physical() const { return physical_; }
  Instance& instance() { return *instance_; }
  Counters& counters() { return counters_; }
  const Counters& counters() const { return counters_; }
  bool pipeline_statistics() const { return pipeline_statistics_; }  // registers, spills: for tests of the shaders

  vk::raii::CommandBuffer command_buffer() const;
  // One submission of these, in order, each finished before the next begins on hardware that a watchdog guards.
  // Waits to the end. Throws base::Error(environment) where the device is lost.
  void run(std::span<const vk::CommandBuffer> commands);
  // Throws base::Error where validation is on and found something since the last call.
  void check_validation();

 private:
  std::unique_ptr<Instance> instance_;
  PhysicalDevice physical_;
  std::string running_ = "running on " + physical_.name();  // for messages; kept so that a run allocates nothing
  bool pipeline_statistics_ = false;
  vk::raii::Device device_{nullptr};
  vk::raii::Queue queue_{nullptr};
  vk::raii::CommandPool pool_{nullptr};
  vk::raii::Fence fence_{nullptr};
  std::vector<vk::SubmitInfo> submits_;  // kept so that a run allocates nothing
  Counters counters_;
};

}  // namespace motet::device::vulkan
