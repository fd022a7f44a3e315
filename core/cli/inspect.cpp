#include "base/error.hpp"
#include "base/nearest.hpp"
#include "cli/pipeline_arguments.hpp"
#include "cli/standard_output.hpp"
#include "cli/verbs.hpp"
#include "report/plugin_report.hpp"

namespace motet::cli {
namespace {

constexpr Help kHelp = {"motet inspect TYPE [--plugins DIR...] [--json]",
                        "Shows a stage type: its ports, parameters and slots, and an example in YAML.",
                        "  motet inspect encoder.transformer\n"
                        "  motet inspect my-plugin:text.upper --plugins build/my-plugins\n"};

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
      base::fail(base::ErrorKind::user, "no stage type '" + type + "'", base::suggestion(type, registry.type_ids()));
    }
    std::string all;
    for (const std::string& one : found.candidates) all += (all.empty() ? "" : ", ") + one;
    base::fail(base::ErrorKind::user, "several plugins offer '" + type + "'", "name one of " + all);
  }
  StandardOutput().write(json ? report::type_json(*found.type) : report::type_text(*found.type));
  return 0;
}

}  // namespace motet::cli
