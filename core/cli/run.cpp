#include <filesystem>
#include <optional>

#include "cli/exit_status.hpp"
#include "cli/inputs.hpp"
#include "cli/pipeline_arguments.hpp"
#include "cli/run_output.hpp"
#include "cli/signals.hpp"
#include "cli/verbs.hpp"
#include "report/recorder.hpp"
#include "report/trace.hpp"
#include "runtime/session.hpp"

namespace motet::cli {
namespace {

constexpr Help kHelp = {
    "motet run PIPELINE --in NAME=VALUE... [OPTION...]",
    "Runs a pipeline, a YAML file or the folder that holds pipeline.yaml. The first output goes to stdout, a text as "
    "it\n"
    "comes; --json gives all outputs and timings, --out writes each output to a file.\n\n"
    "Inputs. A text is the VALUE itself, or the file's content with @FILE, or stdin with @- (@@ begins a text with "
    "@).\n"
    "Other inputs are paths. A list is a JSON list, or @FILE with an element a line. Many items: a folder or a "
    "pattern\n"
    "(--in audio='takes/*.wav'), or --in @FILE.jsonl, a JSON object a line with the inputs' names as keys; --in @- "
    "reads\n"
    "such lines from stdin. What is given beside them serves all items. One item that fails does so alone.\n\n"
    "Exit status: 0 all well; 1 some item failed; 2 wrong arguments, pipeline or file; 3 no such device, no memory,\n"
    "output not writable; 4 a plugin crashed; 130 Ctrl-C.",
    "  motet run pipelines/transcribe --set model=DIR --in audio=speech.wav\n"
    "  motet run pipelines/transcribe --set model=DIR --in audio=takes/ --out texts\n"
    "  motet run pipelines/chat --set model=model.gguf --in text='Who wrote Faust?' --device vulkan\n"
    "  motet run pipelines/embed-text --set model=DIR --in @items.jsonl --json\n"};

struct RunArguments {
  PipelineArguments pipeline;
  DeviceArguments device;
  std::vector<std::string> in;
  OutputArguments output;
  std::string trace;
};

std::optional<RunArguments> parse(const Invocation& invocation) {
  RunArguments arguments;
  Options options(kHelp);
  options.texts("in", arguments.in, "NAME=VALUE", "an input; may be given again");
  add_pipeline_options(options, arguments.pipeline);
  add_device_options(options, arguments.device);
  options.text("out", arguments.output.folder, "DIR", "writes every output to a file here: .txt, .npy, .json")
      .text("trace", arguments.trace, "FILE",
            "writes what happened when, for Perfetto (slower: each kernel is measured)")
      .flag("json", arguments.output.json, "all outputs and timings as JSON");
  if (!options.parse(invocation)) return std::nullopt;
  return arguments;
}

// Runs what could be read; results go out in the order of the items, as they are done.
void run_items(runtime::Session& session, std::vector<GivenItem>& items, RunOutput& output) {
  std::vector<runtime::Item> runnable;
  for (const GivenItem& given : items) {
    if (!given.error) runnable.push_back(given.item);
  }
  auto next = items.begin();
  const auto take_unread = [&] {
    for (; next != items.end() && next->error; ++next) {
      runtime::ItemResult failed;
      failed.error = next->error;
      output.take(*next, std::move(failed));
    }
  };
  runtime::RunOptions options = output.options();
  options.on_result = [&](std::size_t, runtime::ItemResult result) {
    take_unread();
    output.take(*next++, std::move(result));
  };
  session.run(runnable, options);
  take_unread();
}

}  // namespace

int run(const Invocation& invocation) {
  const runtime::Stopwatch watch;
  const std::optional<RunArguments> arguments = parse(invocation);
  if (!arguments) return kAllWell;
  const plugin::Registry registry = scan_plugins(arguments->pipeline.plugins, invocation);
  const graph::Graph graph = resolve(arguments->pipeline, registry, invocation);
  std::vector<GivenItem> items = read_items(arguments->in, graph);
  RunOutput output(graph, arguments->output, items);
  if (!arguments->trace.empty()) report::require_writable(std::filesystem::path(arguments->trace).parent_path());
  const std::unique_ptr<device::Device> device = open_device(arguments->device, graph);
  report::Recorder recorder;
  runtime::SessionOptions options;
  if (!arguments->trace.empty()) options.observer = &recorder;
  options.threads = arguments->device.threads;
  runtime::Session session(graph, *device, options);
  const double load_ms = watch.ms();
  run_items(session, items, output);
  output.finish({device->traits().device, load_ms, watch.ms(), session.timings()});
  if (!arguments->trace.empty()) report::write_file(arguments->trace, report::trace_json(recorder));
  return output.status();
}

}  // namespace motet::cli
