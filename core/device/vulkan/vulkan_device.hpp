// Opens Vulkan's devices.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "device/device.hpp"

struct VkInstance_T;

namespace motet::device::vulkan {

// For tests.
struct OpenOptions {
  bool like_hardware = false;           // a driver on the CPU gets the kernels that a GPU would get
  std::uint64_t max_binding_bytes = 0;  // less than the driver's; 0: the driver's
  double work_of_submission = 0;        // multiply-adds until a run goes on in a new submission; 0: as the device is
  void (*(*loader)(::VkInstance_T*, const char*))() = nullptr;  // vkGetInstanceProcAddr in the place of the system's
};

// `which`: "" or a part of the device's name; "" prefers discrete, then integrated, then software devices. With
// MOTET_VULKAN_VALIDATION=1 the validation layers watch, and what they find is an Error of the call that caused it;
// what they find when no call follows, as the device closes, ends the process. Throws base::Error(environment) where
// there is no such device, with what there is.
std::unique_ptr<Device> open_vulkan(std::string_view which, const OpenOptions& options = {});

// Every Vulkan device, best first; one entry with a problem where there is none. Never throws for a broken driver.
std::vector<DeviceInfo> list_vulkan();

}  // namespace motet::device::vulkan
