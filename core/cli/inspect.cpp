#include "base/error.hpp"
#include "base/nearest.hpp"
#include "cli/pipeline_arguments.hpp"
#include "cli/standard_output.hpp"
#include "cli/verbs.hpp"
#include "report/plugin_report.hpp"

namespace motet::cli {
namespace {

constexpr Help kHelp = {"motet inspect TYPE [--plugins DIR...] [--json]",
                        "Shows a stage type: its ports, parameters and slots, and an example in YAML. Or an operation "
                        "that a plugin\n"
                        "brings: its operands and attributes.",
                        "  motet inspect encoder.transformer\n"
                        "  motet inspect my-plugin:text.upper --plugins build/my-plugins\n"
                        "  motet inspect wave.fold/1 --plugins build/my-plugins\n"};

// Whether there is one of this id: "wave.fold/1".
bool show_operation(const plugin::Registry& registry, const std::string& id, bool json) {
  const std::vector<const plugin::OperationInfo*> found = registry.find_operation(id);
  if (found.size() > 1) {
    std::string all;
    for (const plugin::OperationInfo* one : found) all += (all.empty() ? "" : ", ") + one->plugin;
    base::fail(base::ErrorKind::user, "several plugins bring the operation '" + id + "': " + all,
               "a pipeline can use stages of one of them");
  }
  if (found.empty()) return false;
  StandardOutput().write(json ? report::operation_json(*found.front()) : report::operation_text(*found.front()));
  return true;
}

std::vector<std::string> all_ids(const plugin::Registry& registry) {
  std::vector<std::string> out = registry.type_ids();
  for (const plugin::PluginInfo& plugin : registry.plugins()) {
    for (const plugin::OperationInfo& operation : plugin.operations) out.push_back(operation.id);
  }
  return out;
}

}  // namespace

int inspect(const Invocation& invocation) {
  PluginArguments arguments;
  std::string type;
  bool json = false;
  Options options(kHelp);
  options.positional("TYPE", type);
  add_plugin_options(options, arguments);
  options.flag("json", json, "the same as JSON");
  if (!options.parse(invocation)) return 0;
  const plugin::Registry registry = scan_plugins(arguments, invocation);
  const plugin::Found found = registry.find(type);
  if (found.type == nullptr) {
    if (found.candidates.empty()) {
      if (show_operation(registry, type, json)) return 0;
      base::fail(base::ErrorKind::user, "no stage type '" + type + "'", base::suggestion(type, all_ids(registry)));
    }
    std::string all;
    for (const std::string& one : found.candidates) all += (all.empty() ? "" : ", ") + one;
    base::fail(base::ErrorKind::user, "several plugins offer '" + type + "'", "name one of " + all);
  }
  StandardOutput().write(json ? report::type_json(*found.type) : report::type_text(*found.type));
  return 0;
}

}  // namespace motet::cli
