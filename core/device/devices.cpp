#include <algorithm>

#include "base/error.hpp"
#include "device/cpu/cpu_device.hpp"
#include "device/device.hpp"
#include "device/vulkan/vulkan_device.hpp"

namespace motet::device {
namespace {

// A discrete GPU, then an integrated one, then the cpu; software drivers only where named.
int preference(const DeviceInfo& info) {
  if (!info.problem.empty()) return 0;
  if (info.kind == "discrete") return 3;
  if (info.kind == "integrated") return 2;
  return info.kind == "cpu" ? 1 : 0;
}

std::string names(const std::vector<DeviceInfo>& devices) {
  std::string out;
  for (const DeviceInfo& info : devices) {
    if (!info.problem.empty()) continue;
    out += (out.empty() ? "" : ", ") + info.name;
  }
  return out;
}

}  // namespace

std::vector<DeviceInfo> list_devices() {
  std::vector<DeviceInfo> devices{cpu::describe_cpu()};
  for (DeviceInfo& info : vulkan::list_vulkan()) devices.push_back(std::move(info));
  const auto best = std::max_element(devices.begin(), devices.end(), [](const DeviceInfo& a, const DeviceInfo& b) {
    return preference(a) < preference(b);
  });
  best->automatic = true;
  return devices;
}

std::unique_ptr<Device> open_device(const DeviceOptions& options) {
  std::string name = options.name;
  if (name == "auto") {
    for (const DeviceInfo& info : list_devices()) {
      if (info.automatic) name = info.name;
    }
  }
  if (name == "cpu") return cpu::open_cpu(options.threads);
  if (name == "vulkan") return vulkan::open_vulkan("");
  if (name.starts_with("vulkan:")) return vulkan::open_vulkan(std::string_view(name).substr(7));
  base::fail(base::ErrorKind::environment, "there is no device '" + name + "'",
             "this machine has: auto, " + names(list_devices()));
}

}  // namespace motet::device
