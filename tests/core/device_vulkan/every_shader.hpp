// Steps that together use every shader that GPUs get, at the sizes of real models.
#pragma once

#include "device/device.hpp"

namespace motet::device::vulkan::tests {

void use_every_shader(Device& device);

}  // namespace motet::device::vulkan::tests
