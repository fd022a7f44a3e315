// Vulkan, between the device and the system's driver: each of its calls that may fail is one of MOTET_FAULT_OTHER.
#pragma once

#include <cstdint>
#include <memory>

#include "device/device.hpp"

namespace motet::test {

std::unique_ptr<device::Device> open_failing_vulkan();
// Instances, devices, buffers and other objects that were created and not destroyed.
std::int64_t vulkan_objects();

}  // namespace motet::test
