// The native CPU device: kernels bound to pointers, walked in order, on all cores through base::Pool.
#pragma once

#include <memory>

#include "device/device.hpp"

namespace motet::device::cpu {

// `threads` counts the caller; 0: as many as the process may run on.
std::unique_ptr<Device> open_cpu(int threads);
DeviceInfo describe_cpu();

}  // namespace motet::device::cpu
