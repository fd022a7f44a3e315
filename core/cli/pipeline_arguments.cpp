#include "cli/pipeline_arguments.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/error.hpp"

namespace motet::cli {

void add_plugin_options(Options& options, PluginArguments& arguments) {
  options.texts("plugins", arguments.folders, "DIR", "looks for plugins here first; may be given again");
}

plugin::Registry scan_plugins(const PluginArguments& arguments, const Invocation& invocation) {
  for (const std::string& folder : arguments.folders) {
    std::error_code ignored;
    if (!std::filesystem::is_directory(folder, ignored)) {
      base::fail(base::ErrorKind::user, "--plugins " + folder + ": no such folder");
    }
  }
  const std::vector<std::filesystem::path> extra(arguments.folders.begin(), arguments.folders.end());
  return plugin::Registry::scan(plugin::Registry::search_path(invocation.executable, extra));
}

void add_pipeline_options(Options& options, PipelineArguments& arguments) {
  options.positional("PIPELINE", arguments.pipeline)
      .texts("set", arguments.set, "NAME=VALUE", "a parameter of the pipeline; may be given again")
      .flag("checked", arguments.checked,
            "watches the plugins: an illegal call is refused and named (also MOTET_CHECKED=1)");
  add_plugin_options(options, arguments.plugins);
}

spec::GivenParams given_params(const PipelineArguments& arguments) {
  spec::GivenParams given;
  for (const std::string& text : arguments.set) {
    auto [name, value] = spec::parse_set(text);
    if (!given.emplace(name, std::move(value)).second) {
      base::fail(base::ErrorKind::user, "--set " + name + " is given twice", "leave one out");
    }
  }
  return given;
}

graph::Graph resolve(const PipelineArguments& arguments, const plugin::Registry& registry,
                     const Invocation& invocation) {
  return resolve(arguments, registry, invocation, given_params(arguments));
}

graph::Graph resolve(const PipelineArguments& arguments, const plugin::Registry& registry, const Invocation& invocation,
                     const spec::GivenParams& given) {
  const char* checked = std::getenv("MOTET_CHECKED");
  const bool check = arguments.checked || (checked != nullptr && std::string_view(checked) == "1");
  return graph::resolve(
      arguments.pipeline, given, registry,
      {.checking = check ? host::Checking::on : host::Checking::off, .worker = invocation.executable});
}

void add_device_options(Options& options, DeviceArguments& arguments) {
  options
      .text("device", arguments.name, "NAME", "auto, cpu, vulkan or vulkan:PART-OF-ITS-NAME (motet devices lists them)")
      .among({"auto", "cpu", "vulkan"})
      .number("threads", arguments.threads, 0, 1024, "N", "threads of the cpu; 0, as many as there are");
}

std::unique_ptr<device::Device> open_device(const DeviceArguments& arguments, const graph::Graph& graph) {
  device::DeviceOptions options;
  options.name = arguments.name;
  options.threads = arguments.threads;
  const bool computes = std::any_of(graph.stages.begin(), graph.stages.end(), [](const graph::Stage& stage) {
    return stage.way == graph::Way::tensor || stage.way == graph::Way::generator;
  });
  // Looking for Vulkan drivers takes longer than many a host stage.
  if (!computes && options.name == "auto") options.name = "cpu";
  return device::open_device(options);
}

}  // namespace motet::cli
