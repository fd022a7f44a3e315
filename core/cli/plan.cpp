#include <charconv>
#include <map>

#include "base/error.hpp"
#include "base/nearest.hpp"
#include "cli/inputs.hpp"
#include "cli/pipeline_arguments.hpp"
#include "cli/signals.hpp"
#include "cli/standard_output.hpp"
#include "cli/verbs.hpp"
#include "lower/islands.hpp"
#include "lower/lower.hpp"
#include "plan/plan.hpp"
#include "report/plan_report.hpp"
#include "runtime/session.hpp"

namespace motet::cli {
namespace {

constexpr Help kHelp = {"motet plan PIPELINE [--in NAME=VALUE...] [--shapes NAME=SIZES...] [OPTION...]",
                        "Shows what would run where: host stages, and islands of tensor stages with their programs and "
                        "plans. Programs have\n"
                        "numbers for sizes, so they need either an example, which is then run (--in as for motet run), "
                        "or the sizes of what\n"
                        "enters an island (--shapes; without them the plan says which are wanted).",
                        "  motet plan pipelines/transcribe --set model=DIR --in audio=speech.wav\n"
                        "  motet plan pipelines/embed-text --set model=DIR --shapes vectors.x=1x32 --device vulkan\n"};

using Shapes = std::map<std::string, tensor::Shape>;

// "NAME=1x32" or "NAME=1,32".
Shapes parse_shapes(const std::vector<std::string>& given) {
  Shapes out;
  for (const std::string& text : given) {
    const auto wrong = [&] {
      base::fail(base::ErrorKind::user, "--shapes " + text + " cannot be read", "write --shapes NAME=1x32");
    };
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) wrong();
    tensor::Shape shape;
    for (std::string_view rest = std::string_view(text).substr(equals + 1); !rest.empty();) {
      std::int64_t size = 0;
      const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), size);
      if (error != std::errc() || size < 1 || shape.rank() == tensor::kMaxRank) wrong();
      shape.push_back(size);
      rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
      if (rest.empty()) break;
      if ((rest.front() != 'x' && rest.front() != ',') || rest.size() == 1) wrong();
      rest.remove_prefix(1);
    }
    out[text.substr(0, equals)] = shape;
  }
  return out;
}

std::string source_text(const graph::Graph& graph, const graph::Source& source) {
  if (source.stage < 0) return "inputs." + graph.inputs[static_cast<std::size_t>(source.port)].name;
  const graph::Stage& stage = graph.stages[static_cast<std::size_t>(source.stage)];
  return stage.name + "." + stage.type->outputs[static_cast<std::size_t>(source.port)].name;
}

std::string stage_text(const graph::Graph& graph, int at) {
  const graph::Stage& stage = graph.stages[static_cast<std::size_t>(at)];
  std::string out = stage.name + " (" + stage.type->id + ")";
  for (const auto& [slot, filler] : stage.slots)
    out += ", " + slot + ": " + graph.stages[static_cast<std::size_t>(filler)].type->id;
  return out;
}

report::UnitFacts unit_facts(const graph::Graph& graph, const lower::Schedule& schedule, const lower::Unit& unit) {
  if (unit.stage >= 0) {
    const graph::Stage& stage = graph.stages[static_cast<std::size_t>(unit.stage)];
    return {stage.name, "host", {stage_text(graph, unit.stage)}, {}, {}};
  }
  const lower::Island& island = schedule.islands[static_cast<std::size_t>(unit.island)];
  report::UnitFacts out{island.name, "island", {}, {}, {}};
  for (int at : island.stages) out.stages.push_back(stage_text(graph, at));
  if (island.generator >= 0) out.stages.push_back(stage_text(graph, island.generator) + ", step by step");
  for (const lower::Border& border : island.inputs) {
    out.inputs.push_back(border.name + "  " + graph::text(border.type, graph.symbols) + "  from " +
                         source_text(graph, border.source));
  }
  return out;
}

// The sizes of what enters an island: given ones, and what the graph knows. Says in `missing` which are wanted.
lower::ItemKey item_key(const graph::Graph& graph, const lower::Island& island, const Shapes& shapes,
                        std::string& missing) {
  lower::ItemKey key;
  for (const lower::Border& border : island.inputs) {
    const auto given = shapes.find(border.name);
    tensor::Shape shape;
    if (given != shapes.end()) {
      shape = given->second;
      if (static_cast<std::size_t>(shape.rank()) != border.type.dims.size()) {
        base::fail(base::ErrorKind::user, "--shapes " + border.name + ": " + graph::text(border.type, graph.symbols) +
                                              " has " + std::to_string(border.type.dims.size()) + " sizes");
      }
    } else {
      for (std::size_t i = 0; i < border.type.dims.size(); ++i) {
        const tensor::Dim dim = graph.symbols.resolve(border.type.dims[i]);
        if (!dim.known() && i > 0) {
          missing = "no sizes for its programs: give an example with --in, or --shapes " + border.name + "=SIZES";
          break;
        }
        shape.push_back(dim.known() ? dim.size : 1);
      }
    }
    key.inputs.push_back(shape);
  }
  return key;
}

void plan_island(const graph::Graph& graph, const lower::Island& island, const Shapes& shapes,
                 const plan::Traits& traits, lower::WeightTable& weights, report::PlanFacts& facts) {
  lower::ItemKey key = item_key(graph, island, shapes, facts.units.back().missing);
  if (!facts.units.back().missing.empty()) return;
  key.rows = island.generator >= 0 ? 1 : 0;
  const auto put = [&](const program::Program& program) {
    facts.programs.push_back(report::describe(program, plan::plan(program, traits)));
  };
  const lower::ItemProgram item = lower::lower_item(graph, island, key, weights);
  if (!item.empty()) put(item.program);
  if (island.generator < 0) return;
  constexpr std::int64_t kPositions = 256;  // what a session begins with
  put(lower::lower_step(graph, island, {1, 1, 1, kPositions, item.kept_capacity, true}, weights).program);
}

void check_names(const lower::Schedule& schedule, const Shapes& shapes) {
  std::vector<std::string> known;
  for (const lower::Island& island : schedule.islands) {
    for (const lower::Border& border : island.inputs) known.push_back(border.name);
  }
  for (const auto& [name, shape] : shapes) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      base::fail(base::ErrorKind::user, "--shapes " + name + ": nothing of that name enters an island",
                 base::suggestion(name, known));
    }
  }
}

void plan_example(const graph::Graph& graph, device::Device& device, const std::vector<GivenItem>& given,
                  report::PlanFacts& facts) {
  report::Recorder recorder;
  runtime::SessionOptions options;
  options.observer = &recorder;
  runtime::Session session(graph, device, options);
  runtime::RunOptions run;
  run.cancelled = &cancelled();
  std::vector<runtime::Item> items;
  for (const GivenItem& one : given) {
    if (one.error) throw one.error->within(one.name);
    items.push_back(one.item);
  }
  for (const runtime::ItemResult& result : session.run(items, run)) {
    if (result.error) throw base::Error(*result.error);
  }
  facts.programs = recorder.programs();
}

}  // namespace

int plan(const Invocation& invocation) {
  PipelineArguments pipeline;
  DeviceArguments named;
  std::vector<std::string> in, sizes;
  bool json = false;
  Options options(kHelp);
  options.texts("in", in, "NAME=VALUE", "an example, as for motet run")
      .texts("shapes", sizes, "NAME=SIZES", "what enters an island: encoder.x=1x16000");
  add_pipeline_options(options, pipeline);
  add_device_options(options, named);
  options.flag("json", json, "the same as JSON");
  if (!options.parse(invocation)) return 0;
  const Shapes shapes = parse_shapes(sizes);
  const plugin::Registry registry = scan_plugins(pipeline.plugins, invocation);
  const graph::Graph graph = resolve(pipeline, registry, invocation);
  const lower::Schedule schedule = lower::schedule(graph);
  check_names(schedule, shapes);
  const std::unique_ptr<device::Device> device = open_device(named, graph);
  report::PlanFacts facts{graph.name, device->traits().device, {}, {}};
  lower::WeightTable weights;
  for (const lower::Unit& unit : schedule.units) {
    facts.units.push_back(unit_facts(graph, schedule, unit));
    if (in.empty() && unit.island >= 0) {
      plan_island(graph, schedule.islands[static_cast<std::size_t>(unit.island)], shapes, device->traits(), weights,
                  facts);
    }
  }
  if (!in.empty()) plan_example(graph, *device, read_items(in, graph), facts);
  StandardOutput().write(json ? report::plan_json(facts) : report::plan_text(facts));
  return 0;
}

}  // namespace motet::cli
