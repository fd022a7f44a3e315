#include "base/error.hpp"
#include "cli/inputs.hpp"
#include "cli/pipeline_arguments.hpp"
#include "cli/signals.hpp"
#include "cli/standard_output.hpp"
#include "cli/verbs.hpp"
#include "report/bench_report.hpp"
#include "runtime/session.hpp"

namespace motet::cli {
namespace {

constexpr Help kHelp = {
    "motet bench PIPELINE --in NAME=VALUE... [--rounds N] [OPTION...]",
    "Runs the same items several times and says how long what took: each stage (medians of the rounds, after one that\n"
    "does not count), each generator's prompt and steps, and in one more round each operation.",
    "  motet bench pipelines/transcribe --set model=DIR --in audio=speech.wav --threads 2\n"};

struct BenchArguments {
  PipelineArguments pipeline;
  DeviceArguments device;
  std::vector<std::string> in;
  int rounds = 5;
  bool json = false;
};

std::vector<runtime::Item> runnable(std::vector<GivenItem> given) {
  std::vector<runtime::Item> items;
  for (GivenItem& one : given) {
    if (one.error) throw one.error->within(one.name);
    items.push_back(std::move(one.item));
  }
  return items;
}

void run_round(runtime::Session& session, const std::vector<runtime::Item>& items) {
  runtime::RunOptions options;
  options.cancelled = &cancelled();
  for (const runtime::ItemResult& result : session.run(items, options)) {
    if (result.error) throw base::Error(*result.error);
  }
}

report::BenchFacts measure(const graph::Graph& graph, device::Device& device, const std::vector<runtime::Item>& items,
                           const BenchArguments& arguments) {
  report::BenchFacts facts{graph.name, device.traits().device, items.size(), 0, {}, {}};
  const runtime::Stopwatch load;
  runtime::SessionOptions options;
  options.threads = arguments.device.threads;
  runtime::Session session(graph, device, options);
  run_round(session, items);
  facts.load_ms = load.ms();
  for (int i = 0; i < arguments.rounds; ++i) {
    const runtime::Timings before = session.timings();
    const runtime::Stopwatch watch;
    run_round(session, items);
    facts.round_ms.push_back(watch.ms());
    facts.rounds.push_back(report::difference(before, session.timings()));
  }
  return facts;
}

// In a session of its own, since measuring each kernel slows what it measures.
report::Recorder profile(const graph::Graph& graph, device::Device& device, const std::vector<runtime::Item>& items,
                         const BenchArguments& arguments) {
  report::Recorder recorder;
  runtime::SessionOptions options;
  options.threads = arguments.device.threads;
  options.observer = &recorder;
  runtime::Session session(graph, device, options);
  run_round(session, items);
  recorder.forget_runs();
  run_round(session, items);
  return recorder;
}

}  // namespace

int bench(const Invocation& invocation) {
  BenchArguments arguments;
  Options options(kHelp);
  options.texts("in", arguments.in, "NAME=VALUE", "an input, as for motet run");
  add_pipeline_options(options, arguments.pipeline);
  add_device_options(options, arguments.device);
  options
      .number("rounds", arguments.rounds, 1, 100000, "N", "how often the items are run and measured; 5 where not given")
      .flag("json", arguments.json, "the figures as JSON");
  if (!options.parse(invocation)) return 0;
  const plugin::Registry registry = scan_plugins(arguments.pipeline.plugins, invocation);
  const graph::Graph graph = resolve(arguments.pipeline, registry, invocation);
  const std::vector<runtime::Item> items = runnable(read_items(arguments.in, graph));
  const std::unique_ptr<device::Device> device = open_device(arguments.device, graph);
  const report::BenchFacts facts = measure(graph, *device, items, arguments);
  const report::Recorder recorder = profile(graph, *device, items, arguments);
  StandardOutput().write(arguments.json ? report::bench_json(facts, recorder) : report::bench_text(facts, recorder));
  return 0;
}

}  // namespace motet::cli
