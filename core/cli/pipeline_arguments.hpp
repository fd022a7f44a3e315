// What every verb that takes a pipeline has in common: the pipeline, its parameters, the plugins, the device.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/options.hpp"
#include "cli/verbs.hpp"
#include "device/device.hpp"
#include "graph/graph.hpp"
#include "plugin/registry.hpp"

namespace motet::cli {

struct PluginArguments {
  std::vector<std::string> folders;
};
void add_plugin_options(Options& options, PluginArguments& arguments);
plugin::Registry scan_plugins(const PluginArguments& arguments, const Invocation& invocation);

struct PipelineArguments {
  std::string pipeline;
  std::vector<std::string> set;
  PluginArguments plugins;
  bool checked = false;
};
void add_pipeline_options(Options& options, PipelineArguments& arguments);

// Throws base::Error(user) for a malformed or doubled --set, else as graph::resolve. The registry must outlive the
// graph.
graph::Graph resolve(const PipelineArguments& arguments, const plugin::Registry& registry,
                     const Invocation& invocation);
// What --set gives, and the graph with other parameters than these.
spec::GivenParams given_params(const PipelineArguments& arguments);
graph::Graph resolve(const PipelineArguments& arguments, const plugin::Registry& registry, const Invocation& invocation,
                     const spec::GivenParams& given);

struct DeviceArguments {
  std::string name = "auto";
  int threads = 0;
};
void add_device_options(Options& options, DeviceArguments& arguments);

// The device; `auto` is the cpu where no stage of the graph computes on a device.
std::unique_ptr<device::Device> open_device(const DeviceArguments& arguments, const graph::Graph& graph);

}  // namespace motet::cli
