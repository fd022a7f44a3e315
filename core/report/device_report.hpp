// The devices of a machine, for `motet devices`.
#pragma once

#include <string>
#include <vector>

#include "device/device.hpp"

namespace motet::report {

std::string devices_text(const std::vector<device::DeviceInfo>& devices);
std::string devices_json(const std::vector<device::DeviceInfo>& devices);

// "1.5 GiB", "12 KiB", "17 B"
std::string size_text(std::uint64_t bytes);

}  // namespace motet::report
