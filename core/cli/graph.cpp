#include "base/error.hpp"
#include "base/nearest.hpp"
#include "cli/pipeline_arguments.hpp"
#include "cli/standard_output.hpp"
#include "cli/verbs.hpp"
#include "lower/islands.hpp"
#include "report/drawing.hpp"
#include "report/output_folder.hpp"

namespace motet::cli {
namespace {

constexpr Help kHelp = {
    "motet graph PIPELINE [--format FORMAT] [--out FILE] [--set NAME=VALUE...]",
    "Draws a pipeline: its stages with what fills their slots, what flows between them, and which of them become one\n"
    "program. Formats: svg, dot (Graphviz), mermaid, json.",
    "  motet graph pipelines/transcribe --set model=DIR --out transcribe.svg\n"
    "  motet graph my.yaml --format mermaid\n"};

struct Format {
  std::string_view name;
  std::string (*write)(const report::Drawing&);
};
constexpr Format kFormats[] = {{"svg", report::svg_text},
                               {"dot", report::dot_text},
                               {"mermaid", report::mermaid_text},
                               {"json", report::drawing_json}};

const Format& find_format(const std::string& name) {
  std::vector<std::string> known;
  for (const Format& format : kFormats) {
    if (format.name == name) return format;
    known.emplace_back(format.name);
  }
  base::fail(base::ErrorKind::user, "there is no format '" + name + "'", base::suggestion(name, known));
}

report::Drawing drawing_of(const graph::Graph& graph) {
  std::vector<report::IslandStages> islands;
  for (const lower::Island& island : lower::schedule(graph).islands) {
    islands.push_back({island.name, island.stages});
    if (island.generator >= 0) islands.back().stages.push_back(island.generator);
  }
  return report::draw(graph, islands);
}

}  // namespace

int graph(const Invocation& invocation) {
  PipelineArguments arguments;
  std::string format = "svg", file;
  bool json = false;
  Options options(kHelp);
  add_pipeline_options(options, arguments);
  options.text("format", format, "FORMAT", "svg (the default), dot, mermaid or json")
      .among({"svg", "dot", "mermaid", "json"})
      .text("out", file, "FILE", "writes it here instead of to stdout")
      .flag("json", json, "the same as --format json");
  if (!options.parse(invocation)) return 0;
  if (json) format = "json";
  const Format& chosen = find_format(format);
  const plugin::Registry registry = scan_plugins(arguments.plugins, invocation);
  const std::string text = chosen.write(drawing_of(resolve(arguments, registry)));
  if (file.empty()) {
    StandardOutput().write(text);
  } else {
    report::write_file(file, text);
  }
  return 0;
}

}  // namespace motet::cli
