#include "cli/pipeline_arguments.hpp"
#include "cli/standard_output.hpp"
#include "cli/verbs.hpp"
#include "report/plugin_report.hpp"

namespace motet::cli {
namespace {

constexpr Help kHelp = {
    "motet plugins [--plugins DIR...] [--json]",
    "Lists the plugins with their stage types, where they come from, and why a file was refused. They are looked for\n"
    "in --plugins, then in MOTET_PLUGINS (folders separated by ':'), then beside the program in ../lib/motet/plugins.",
    "  motet plugins\n"
    "  motet plugins --plugins build/my-plugins\n"};

}  // namespace

int plugins(const Invocation& invocation) {
  PluginArguments arguments;
  bool json = false;
  Options options(kHelp);
  add_plugin_options(options, arguments);
  options.flag("json", json, "the list as JSON");
  if (!options.parse(invocation)) return 0;
  const plugin::Registry registry = scan_plugins(arguments, invocation);
  StandardOutput().write(json ? report::plugins_json(registry) : report::plugins_text(registry));
  return 0;
}

}  // namespace motet::cli
