#include "report/device_report.hpp"

#include <algorithm>
#include <cstdio>
#include <limits>

#include "report/json.hpp"

namespace motet::report {
namespace {

using nlohmann::ordered_json;

bool bounded(const plan::Traits& traits) {
  return traits.max_binding_bytes != std::numeric_limits<std::uint64_t>::max();
}

}  // namespace

std::string size_text(std::uint64_t bytes) {
  constexpr const char* kUnits[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  auto size = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; size >= 1024 && unit + 1 < std::size(kUnits); ++unit) size /= 1024;
  char out[32];
  std::snprintf(out, sizeof out,
                unit == 0 || size >= 100 || size == static_cast<double>(static_cast<int>(size)) ? "%.0f %s" : "%.1f %s",
                size, kUnits[unit]);
  return out;
}

std::string devices_text(const std::vector<device::DeviceInfo>& devices) {
  std::size_t width = 0;
  for (const device::DeviceInfo& info : devices) width = std::max(width, info.name.size());
  std::string out;
  for (const device::DeviceInfo& info : devices) {
    std::string name = info.name;
    name.resize(width, ' ');
    out += (info.automatic ? "* " : "  ") + name + "  ";
    if (!info.problem.empty()) {
      out += (info.description.empty() ? "" : info.description + ", ") + "cannot be used: " + info.problem + "\n";
      continue;
    }
    out += info.kind + (info.description.empty() ? "" : ": " + info.description) + "\n";
    const std::string indent(width + 4, ' ');
    if (info.kind == "cpu") continue;
    out += indent + "subgroups of " + std::to_string(info.traits.subgroup_size) + ", " +
           size_text(info.traits.shared_memory_bytes) + " shared memory";
    if (bounded(info.traits)) out += ", " + size_text(info.traits.max_binding_bytes) + " a binding";
    out += "\n";
  }
  return out + "* what --device auto picks\n";
}

std::string devices_json(const std::vector<device::DeviceInfo>& devices) {
  ordered_json out{{"devices", ordered_json::array()}};
  for (const device::DeviceInfo& info : devices) {
    ordered_json one{
        {"name", info.name}, {"kind", info.kind}, {"description", info.description}, {"automatic", info.automatic}};
    if (!info.problem.empty()) {
      one["problem"] = info.problem;
    } else {
      one["subgroup_size"] = info.traits.subgroup_size;
      one["shared_memory_bytes"] = info.traits.shared_memory_bytes;
      if (bounded(info.traits)) one["max_binding_bytes"] = info.traits.max_binding_bytes;
    }
    out["devices"].push_back(std::move(one));
  }
  return json_text(out);
}

}  // namespace motet::report
