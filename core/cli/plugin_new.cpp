#include <algorithm>
#include <filesystem>

#include "base/error.hpp"
#include "cli/pipeline_arguments.hpp"
#include "cli/standard_output.hpp"
#include "cli/verbs.hpp"
#include "report/scaffold_report.hpp"
#include "scaffold/scaffold.hpp"

namespace motet::cli {
namespace {

constexpr Help kHelp = {
    "motet plugin new --kind KIND [--language c++|c] NAME",
    "Makes the folder NAME with a plugin that builds against this Motet, a pipeline that uses it, tests and a README.\n"
    "Kinds: host-stage, projector (also in C), tokenizer, encoder, cross-attention, decoder, operation.",
    "  motet plugin new --kind cross-attention wave_attention\n"
    "  cd wave_attention && cmake -B build && cmake --build build && ctest --test-dir build\n"
    "  motet run pipeline.yaml --plugins build\n"};

// A second plugin or stage type of a name could only be used as PLUGIN:TYPE.
void require_free(const std::string& name, const Invocation& invocation) {
  const plugin::Registry registry = scan_plugins({}, invocation);
  for (const plugin::PluginInfo& plugin : registry.plugins()) {
    const bool taken = plugin.id == name || std::any_of(plugin.types.begin(), plugin.types.end(),
                                                        [&](const auto& type) { return type.id == name; });
    if (taken)
      base::fail(base::ErrorKind::user, "'" + name + "' is taken: the plugin " + plugin.id + " has it",
                 "choose another name; motet plugins lists those that are taken");
  }
}

}  // namespace

int plugin_new(const Invocation& invocation) {
  scaffold::Order order;
  order.language = "c++";
  bool json = false;
  Options options(kHelp);
  options.positional("NAME", order.name)
      .text("kind", order.kind, "KIND", "what the plugin is to be")
      .text("language", order.language, "c++|c", "c++ (the default), or c without the SDK")
      .among({"c++", "c"})
      .flag("json", json, "what was made as JSON");
  if (!options.parse(invocation)) return 0;
  if (order.kind.empty())
    base::fail(base::ErrorKind::user, "--kind is missing", "usage: " + std::string(kHelp.synopsis));
  const scaffold::Templates templates(invocation.executable);
  require_free(order.name, invocation);
  const auto files = templates.make(order, ".");
  StandardOutput().write(json ? report::scaffold_json(order, files) : report::scaffold_text(order, files));
  return 0;
}

}  // namespace motet::cli
