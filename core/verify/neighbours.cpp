#include "verify/neighbours.hpp"

#include <motet/abi.h>

#include <algorithm>
#include <cstring>

namespace motet::verify {
namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }

// The stage in terms of the contract, as a plugin would bring it. It has nothing to remember.
motet_status create(motet_call*, const motet_host*, const motet_params*, motet_stage** out) noexcept {
  static char nothing;
  *out = reinterpret_cast<motet_stage*>(&nothing);
  return MOTET_OK;
}
void destroy(motet_stage*) noexcept {}

motet_status build(motet_call*, const motet_stage*, motet_builder* g, const motet_tensor* in, uint32_t,
                   motet_tensor* out, uint32_t) noexcept {
  const std::int64_t one = 1;
  const motet_attribute two[] = {{"shape", MOTET_ATTRIBUTE_INTEGERS, 1, 0, 0, nullptr, &one},
                                 {"value", MOTET_ATTRIBUTE_NUMBER, 0, 0, 2.0, nullptr, nullptr}};
  const motet_attribute times = {"fn", MOTET_ATTRIBUTE_STRING, 0, 0, 0, "mul", nullptr};
  const motet_tensor both[] = {in[0], g->emit(g, "fill/1", nullptr, 0, two, 2, nullptr, 0)};
  out[0] = g->emit(g, "binary/1", both, 2, &times, 1, nullptr, 0);
  return MOTET_OK;
}

const void* extension(const char* id) noexcept {
  static constexpr motet_tensor_stage kTable = {sizeof kTable, build};
  return std::strcmp(id, "motet.tensor_stage/1") == 0 ? &kTable : nullptr;
}

constexpr motet_port kX = {sizeof kX, "x", "f32[...]", "any numbers", 0, 0};
constexpr motet_port kY = {sizeof kY, "y", "f32[...]", "twice as much", 0, 0};
constexpr motet_stage_type kDouble = {
    sizeof kDouble, "verify.double", "neighbour", "Doubles.", "",      &kX,      &kY, nullptr, nullptr, 1, 1, 0, 0,
    MOTET_PARALLEL, MOTET_PURE,      create,      destroy,    nullptr, extension};

const plugin::StageTypeInfo& info(std::uint32_t input_flags) {
  static const auto made = [](std::uint32_t flags) {
    plugin::StageTypeInfo out;
    out.plugin = "verify";
    out.id = kDouble.id;
    out.kind = kDouble.kind;
    out.inputs = {{kX.name, kX.type, kX.help, flags}};
    out.outputs = {{kY.name, kY.type, kY.help, 0}};
    out.concurrency = kDouble.concurrency;
    out.determinism = kDouble.determinism;
    out.extensions = {"motet.tensor_stage/1"};
    return out;
  };
  static const plugin::StageTypeInfo exact = made(0), padded = made(MOTET_PORT_RAGGED_PAD);
  return (input_flags & MOTET_PORT_RAGGED_PAD) != 0 ? padded : exact;
}

// A neighbour that takes `source`, whose values are of the type, and shares batches as a port with the flags would.
graph::Stage neighbour(const graph::Source& source, const graph::EdgeType& type, std::uint32_t flags,
                       const graph::Stage& tried) {
  graph::Stage out;
  out.name = "double";
  out.type = &info(flags);
  out.way = graph::Way::tensor;
  out.once = tried.once;
  out.inputs = {source};
  out.input_types = {type};
  out.output_types = {type};
  const plugin::LoadedType loaded{out.type, tried.instance->shared_library(), &kDouble};
  out.instance = host::Instance::create(loaded, {out.name, {}, host::Checking::on}, {}, {});
  std::vector<host::TensorSpec> inputs{{type.dtype, type.dims}}, outputs = inputs;
  out.instance->negotiate(inputs, outputs, {});
  return out;
}

bool is_numbers(const graph::EdgeType& type) {
  return type.kind == graph::Kind::tensor && !type.list && type.dtype == tensor::DType::f32;
}

// Makes room for a stage with this number.
void renumber(graph::Graph& graph, int from) {
  const auto move = [&](int& stage) { stage += stage >= from ? 1 : 0; };
  for (graph::Stage& stage : graph.stages) {
    for (auto& source : stage.inputs) {
      if (source) move(source->stage);
    }
    for (auto& [slot, filler] : stage.slots) move(filler);
    move(stage.owner);
  }
  for (graph::Output& output : graph.outputs) move(output.source.stage);
}

bool is_input(const graph::Source& source, int number) { return source.stage < 0 && source.port == number; }

std::ptrdiff_t takers(const graph::Graph& graph, int input) {
  std::ptrdiff_t out = 0;
  for (const graph::Stage& stage : graph.stages) {
    out += std::count_if(stage.inputs.begin(), stage.inputs.end(),
                         [&](const auto& source) { return source && is_input(*source, input); });
  }
  return out + std::count_if(graph.outputs.begin(), graph.outputs.end(),
                             [&](const graph::Output& output) { return is_input(output.source, input); });
}

}  // namespace

Neighbours neighbours_of(const graph::Graph& graph, int at) {
  Neighbours out;
  const graph::Stage& tried = graph.stages[index(at)];
  for (std::size_t port = 0; port < tried.inputs.size(); ++port) {
    const std::optional<graph::Source>& source = tried.inputs[port];
    if (source && source->stage < 0 && is_numbers(tried.input_types[port]) && takers(graph, source->port) == 1)
      out.before.insert(graph.inputs[index(source->port)].name);
  }
  for (const graph::Output& output : graph.outputs) {
    if (output.source.stage == at && is_numbers(tried.output_types[index(output.source.port)]))
      out.behind.insert(output.name);
  }
  return out;
}

void add_neighbours(graph::Graph& graph, int at, const Neighbours& neighbours) {
  const auto tried = [&]() -> graph::Stage& { return graph.stages[index(at)]; };
  for (std::size_t port = 0; port < tried().inputs.size(); ++port) {
    const std::optional<graph::Source> source = tried().inputs[port];
    if (!source || source->stage >= 0 || !neighbours.before.contains(graph.inputs[index(source->port)].name)) continue;
    graph::Stage before = neighbour(*source, tried().input_types[port], tried().type->inputs[port].flags, tried());
    renumber(graph, at);
    tried().inputs[port] = graph::Source{at, 0, source->place};
    graph.stages.insert(graph.stages.begin() + at, std::move(before));
    ++at;
  }
  for (graph::Output& output : graph.outputs) {
    if (!neighbours.behind.contains(output.name)) continue;
    graph::Stage behind = neighbour(output.source, tried().output_types[index(output.source.port)], 0, tried());
    output.source = {static_cast<int>(graph.stages.size()), 0, output.source.place};
    graph.stages.push_back(std::move(behind));
  }
}

}  // namespace motet::verify
