#include "cli/options.hpp"
#include "cli/standard_output.hpp"
#include "cli/verbs.hpp"
#include "device/device.hpp"
#include "report/device_report.hpp"

namespace motet::cli {
namespace {

constexpr Help kHelp = {
    "motet devices [--json]",
    "Lists the devices of this machine, what they can do, and which one --device auto picks: a discrete GPU, then an\n"
    "integrated one, then the cpu. A Vulkan driver that is software is used only where it is named.",
    "  motet devices\n"
    "  motet run PIPELINE --device vulkan:llvmpipe --in text=Hello\n"};

}  // namespace

int devices(const Invocation& invocation) {
  bool json = false;
  Options options(kHelp);
  options.flag("json", json, "the list as JSON");
  if (!options.parse(invocation)) return 0;
  const std::vector<device::DeviceInfo> list = device::list_devices();
  StandardOutput().write(json ? report::devices_json(list) : report::devices_text(list));
  return 0;
}

}  // namespace motet::cli
