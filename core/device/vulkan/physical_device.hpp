// One of the machine's Vulkan devices: what planning and choosing must know of it.
#pragma once

#include <cstdint>
#include <string>

#include "device/device.hpp"
#include "device/vulkan/shader.hpp"
#include "device/vulkan/vk.hpp"

namespace motet::device::vulkan {

class PhysicalDevice {
 public:
  explicit PhysicalDevice(vk::raii::PhysicalDevice handle);

  const vk::raii::PhysicalDevice& handle() const { return handle_; }
  const vk::PhysicalDeviceProperties& properties() const { return properties_; }
  const plan::Traits& traits() const { return traits_; }
  std::string name() const { return properties_.deviceName.data(); }
  std::string kind() const;     // as DeviceInfo::kind
  int preference() const;       // higher is better: discrete, integrated, other, software
  std::string problem() const;  // why it cannot be used; "" where it can
  std::uint32_t queue_family() const { return queue_family_; }
  std::uint32_t timestamp_bits() const { return timestamp_bits_; }
  const ShaderFeatures& features() const { return features_; }
  std::string uuid() const;  // of driver and device: what a pipeline cache is good for
  DeviceInfo info() const;
  // Multiply-adds after which a new submission begins, where a watchdog guards the device.
  double work_of_submission() const { return work_of_submission_; }
  // For tests: of the kernels that GPUs get, and of tensors larger than what can be bound at once.
  void pretend_hardware() { traits_.software = false; }
  void pretend_watchdog(double work_of_submission) { work_of_submission_ = work_of_submission; }
  void pretend_small_bindings(std::uint64_t bytes) { traits_.max_binding_bytes = bytes; }

 private:
  vk::raii::PhysicalDevice handle_;
  vk::PhysicalDeviceProperties properties_;
  plan::Traits traits_;
  std::string driver_;
  std::uint32_t queue_family_ = ~0u;
  std::uint32_t timestamp_bits_ = 0;
  ShaderFeatures features_;
  double work_of_submission_;
};

}  // namespace motet::device::vulkan
