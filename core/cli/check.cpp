#include "cli/pipeline_arguments.hpp"
#include "cli/standard_error.hpp"
#include "cli/standard_output.hpp"
#include "cli/verbs.hpp"
#include "report/summary.hpp"

namespace motet::cli {
namespace {

constexpr Help kHelp = {
    "motet check PIPELINE [--set NAME=VALUE...] [--json]",
    "Finds every mistake that can be found without running the pipeline and without a device: its text, names,\n"
    "parameters, edges, types, shapes and weights.",
    "  motet check pipelines/transcribe --set model=DIR\n"
    "  motet check my.yaml --json\n"};

}  // namespace

int check(const Invocation& invocation) {
  PipelineArguments arguments;
  bool json = false;
  Options options(kHelp);
  add_pipeline_options(options, arguments);
  options.flag("json", json, "the answer as JSON");
  if (!options.parse(invocation)) return 0;

  const plugin::Registry registry = scan_plugins(arguments.plugins, invocation);
  const graph::Graph graph = resolve(arguments, registry, invocation);
  if (json) {
    StandardOutput().write(report::summary_json(graph));
  } else {
    say(report::summary_text(graph));
  }
  return 0;
}

}  // namespace motet::cli
