#include <optional>

#include "base/error.hpp"
#include "base/mapped_file.hpp"
#include "base/nearest.hpp"
#include "cli/pipeline_arguments.hpp"
#include "cli/standard_output.hpp"
#include "cli/verbs.hpp"
#include "lower/islands.hpp"
#include "report/drawing.hpp"
#include "report/output_folder.hpp"
#include "report/page.hpp"

namespace motet::cli {
namespace {

constexpr Help kHelp = {
    "motet graph PIPELINE [--format FORMAT] [--out FILE] [--set NAME=VALUE...]",
    "Draws a pipeline: its stages with what fills their slots, what flows between them, and which of them become one\n"
    "program. Formats: svg, dot (Graphviz), mermaid, json, and html: one page whose stages open to show shapes,\n"
    "parameters, weights and, with --timings, how long they took.",
    "  motet graph pipelines/transcribe --set model=DIR --out transcribe.svg\n"
    "  motet graph my.yaml --format mermaid\n"
    "  motet run my.yaml --in text=Hello --json > run.json; motet graph my.yaml --format html --timings run.json\n"};

struct Format {
  std::string_view name;
  std::string (*write)(const report::Drawing&);
};
constexpr Format kFormats[] = {{"svg", report::svg_text},
                               {"dot", report::dot_text},
                               {"mermaid", report::mermaid_text},
                               {"json", report::drawing_json}};

constexpr std::string_view kPage = "html";

const Format& find_format(const std::string& name) {
  std::vector<std::string> known;
  for (const Format& format : kFormats) {
    if (format.name == name) return format;
    known.emplace_back(format.name);
  }
  known.emplace_back(kPage);
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
  std::string format = "svg", file, timings;
  bool json = false;
  Options options(kHelp);
  add_pipeline_options(options, arguments);
  options.text("format", format, "FORMAT", "svg (the default), html, dot, mermaid or json")
      .among({"svg", "html", "dot", "mermaid", "json"})
      .text("out", file, "FILE", "writes it here instead of to stdout")
      .text("timings", timings, "FILE", "what motet run --json wrote: the page says how long each stage took")
      .flag("json", json, "the same as --format json");
  if (!options.parse(invocation)) return 0;
  if (json) format = "json";
  if (!timings.empty() && format != kPage)
    base::fail(base::ErrorKind::user, "--timings goes with --format html alone", "add --format html, or leave it out");
  const Format* chosen = format == kPage ? nullptr : &find_format(format);
  std::optional<report::LastRun> run;
  if (!timings.empty()) run = report::read_last_run(base::read_file(timings), timings);
  const plugin::Registry registry = scan_plugins(arguments.plugins, invocation);
  const graph::Graph graph = resolve(arguments, registry, invocation);
  const std::string text =
      chosen == nullptr ? report::page_text(drawing_of(graph), graph, run) : chosen->write(drawing_of(graph));
  if (file.empty()) {
    StandardOutput().write(text);
  } else {
    report::write_file(file, text);
  }
  return 0;
}

}  // namespace motet::cli
