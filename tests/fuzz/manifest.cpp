// A plugin's manifest: read, written again, and the types of its ports.
//
// Reads with: core/plugin/manifest.cpp core/graph/type.cpp
#include "plugin/manifest.hpp"
#include "base/error.hpp"
#include "fuzz/target.hpp"
#include "graph/type.hpp"

namespace motet::fuzz {
namespace {

void read_types(const std::vector<plugin::PortInfo>& ports) {
  for (const plugin::PortInfo& port : ports) {
    try {
      for (const graph::PortType& type : graph::parse_port_type(port.type)) {
        const std::string text = graph::text(type);
        require(graph::text(graph::parse_port_type(text).at(0)) == text, "a port's type reads back as it is written");
      }
    } catch (const base::Error& error) {
      refused(error.what());
    }
  }
}
}  // namespace

bool manifest(std::string_view input) {
  try {
    const plugin::PluginInfo read = plugin::parse_manifest(input);
    const std::string text = plugin::manifest_text(read);
    const plugin::PluginInfo again = plugin::parse_manifest(text);
    require(plugin::manifest_text(again) == text, "a manifest reads back as it is written");
    require(plugin::first_difference(read, again).empty(), "a manifest agrees with itself");
    for (const plugin::StageTypeInfo& type : read.types) {
      read_types(type.inputs);
      read_types(type.outputs);
    }
    (void)plugin::abi_refusal(read.abi_major, read.abi_minor);
    return true;
  } catch (const base::Error& error) {
    return refused(error.what());
  }
}

}  // namespace motet::fuzz
