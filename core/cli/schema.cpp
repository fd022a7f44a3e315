#include "report/schema.hpp"
#include "cli/pipeline_arguments.hpp"
#include "cli/standard_output.hpp"
#include "cli/verbs.hpp"

namespace motet::cli {
namespace {

constexpr Help kHelp = {
    "motet schema [--plugins DIR...] [--json]",
    "Prints a JSON Schema (2020-12) of pipelines with the plugins that are there: keys, stage types, their parameters\n"
    "with ranges and defaults, ports, and what fills which slot. Editors complete and check by it; wiring, shapes and\n"
    "weights are for motet check.",
    "  motet schema > motet.schema.json\n"
    "  # yaml-language-server: $schema=motet.schema.json   as a pipeline's first line, for editors\n"};

}  // namespace

int schema(const Invocation& invocation) {
  PluginArguments arguments;
  bool json = false;
  Options options(kHelp);
  add_plugin_options(options, arguments);
  options.flag("json", json, "changes nothing: a schema is JSON");
  if (!options.parse(invocation)) return 0;
  StandardOutput().write(report::schema_json(scan_plugins(arguments, invocation)));
  return 0;
}

}  // namespace motet::cli
