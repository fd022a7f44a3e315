#include "lower/lower.hpp"

#include <algorithm>
#include <bit>
#include <tuple>

#include "base/error.hpp"

namespace motet::lower {
namespace {

using graph::Graph;
using graph::Source;
using program::Program;
using program::TensorType;
using program::ValueId;

std::size_t index(int i) { return static_cast<std::size_t>(i); }
bool same(const Source& a, const Source& b) { return a.stage == b.stage && a.port == b.port; }

// One trace of an island: what its stages wrote, and where its parts lie.
struct Trace {
  Program program;
  std::vector<ValueId> values;                     // by island input
  std::vector<ValueId> lengths;                    // by island input, 0: none
  std::map<std::pair<int, int>, ValueId> outputs;  // (stage, port)
  std::vector<ValueId> memory;                     // by memories()
  std::vector<ValueId> step_inputs;
  std::size_t first_step_op = 0;  // where the generator's build begins
  std::vector<StateSpec> states;
  ValueId logits = 0;
};

TensorType i32(std::int64_t size) { return {tensor::DType::i32, {size}}; }

motet_step add_step_inputs(Program& program, const StepKey& key, std::vector<ValueId>& added) {
  motet_step step{};
  step.struct_size = sizeof step;
  step.tokens = program.add_input("tokens", i32(key.tokens));
  step.positions = program.add_input("positions", i32(key.tokens));
  step.row = program.add_input("row", i32(key.tokens));
  step.feature = program.add_input("feature", i32(key.tokens));
  step.want = program.add_input("want", i32(key.wanted));
  added = {step.tokens, step.positions, step.row, step.feature, step.want};
  return step;
}

void trace_generator(const Graph& graph, const Island& island, const StepKey& key, Builder& builder, Trace& trace) {
  const graph::Stage& stage = graph.stages[index(island.generator)];
  const motet_step step = add_step_inputs(trace.program, key, trace.step_inputs);
  trace.first_step_op = trace.program.ops.size();
  const std::vector<Memory> all = memories(graph, island);
  std::vector<ValueId> in(stage.inputs.size(), 0);
  for (std::size_t m = 0; m < all.size(); ++m) {
    builder.offer_source(all[m].source.stage, all[m].source.port, trace.memory[m]);
    for (std::size_t port = 0; port < in.size(); ++port) {
      const bool prompt = stage.inputs[port] && stage.input_types[port].kind == graph::Kind::tokens;
      if (stage.inputs[port] && !prompt && same(*stage.inputs[port], all[m].source)) in[port] = trace.memory[m];
    }
  }
  trace.logits = builder.build_step(island.generator, step, in);
  trace.states = builder.states();
}

// Lengths travel with the symbol of the dimension that they cut.
void spread_lengths(const Graph& graph, const Island& island, const graph::EdgeType& type, ValueId value,
                    const Trace& trace, Builder& builder) {
  if (type.dims.size() < 2) return;
  const tensor::Dim time = graph.symbols.resolve(type.dims[1]);
  for (std::size_t i = 0; i < island.inputs.size(); ++i) {
    const auto& dims = island.inputs[i].type.dims;
    if (trace.lengths[i] == 0 || dims.size() < 2 || time.known()) continue;
    if (graph.symbols.resolve(dims[1]) == time) builder.set_length(value, trace.lengths[i]);
  }
}

Trace trace_item(const Graph& graph, const Island& island, const ItemKey& key, WeightTable& weights,
                 const StepKey& step) {
  Trace trace;
  trace.program.name = island.name + " item";
  Builder builder(graph, weights, trace.program, island.generator >= 0 ? step.rows : 0, step.state_capacity);
  std::map<std::pair<int, int>, ValueId> at;
  for (std::size_t i = 0; i < island.inputs.size(); ++i) {
    const Border& border = island.inputs[i];
    trace.values.push_back(trace.program.add_input(border.name, {border.type.dtype, key.inputs[i]}));
    const bool padded = !border.exact && border.type.dims.size() >= 2;
    trace.lengths.push_back(padded ? trace.program.add_input(border.name + ".length", i32(key.inputs[i][0])) : 0);
    if (padded) builder.set_length(trace.values[i], trace.lengths[i]);
    at[{border.source.stage, border.source.port}] = trace.values[i];
    builder.offer_source(border.source.stage, border.source.port, trace.values[i]);
  }
  for (int stage_number : island.stages) {
    const graph::Stage& stage = graph.stages[index(stage_number)];
    std::vector<ValueId> in;
    for (const auto& source : stage.inputs) in.push_back(source ? at.at({source->stage, source->port}) : 0);
    const std::vector<ValueId> out = builder.build(stage_number, in);
    for (std::size_t port = 0; port < out.size(); ++port) {
      at[{stage_number, static_cast<int>(port)}] = out[port];
      builder.offer_source(stage_number, static_cast<int>(port), out[port]);
      spread_lengths(graph, island, stage.output_types[port], out[port], trace, builder);
    }
  }
  trace.outputs = at;
  if (island.generator >= 0) {
    for (const Memory& memory : memories(graph, island))
      trace.memory.push_back(at.at({memory.source.stage, memory.source.port}));
    trace_generator(graph, island, step, builder, trace);
  }
  return trace;
}

Trace trace_step(const Graph& graph, const Island& island, const StepKey& key, WeightTable& weights) {
  Trace trace;
  trace.program.name = island.name + " step";
  Builder builder(graph, weights, trace.program, key.rows, key.state_capacity);
  for (const Memory& memory : memories(graph, island)) {
    TensorType type{memory.type.dtype, {}};
    for (std::size_t d = 0; d < memory.type.dims.size(); ++d) {
      const tensor::Dim dim = graph.symbols.resolve(memory.type.dims[d]);
      type.shape.push_back(d == 0 ? key.rows : dim.known() ? dim.size : key.kept_capacity);
    }
    trace.memory.push_back(trace.program.add_input(memory.name, type));
    trace.lengths.push_back(trace.program.add_input(memory.name + ".length", i32(key.rows)));
    builder.set_length(trace.memory.back(), trace.lengths.back());
  }
  trace_generator(graph, island, key, builder, trace);
  return trace;
}

// Values that depend on the step or on a state; the rest is the same for all steps of an item.
std::vector<bool> of_step(const Trace& trace) {
  std::vector<bool> out(trace.program.values.size(), false);
  for (ValueId id : trace.step_inputs) out[id] = true;
  for (std::size_t id = 0; id < trace.program.values.size(); ++id) {
    if (trace.program.values[id].leaf == program::Leaf::state) out[id] = true;
  }
  for (const program::Op& op : trace.program.ops) {
    const bool any = std::any_of(op.inputs.begin(), op.inputs.end(), [&](ValueId id) { return out[id]; });
    for (ValueId id : op.outputs) out[id] = any;
  }
  return out;
}

// Values that depend on the item: on a memory, or in an item's trace on any input.
std::vector<bool> of_item(const Trace& trace) {
  std::vector<bool> out(trace.program.values.size(), false);
  for (ValueId id : trace.values) out[id] = true;
  for (ValueId id : trace.memory) out[id] = true;
  for (const program::Op& op : trace.program.ops) {
    const bool any = std::any_of(op.inputs.begin(), op.inputs.end(), [&](ValueId id) { return out[id]; });
    for (ValueId id : op.outputs) out[id] = any;
  }
  return out;
}

// What steps read of what was computed once for the item, in an order that both traces share: memories first, then by
// the operation of the generator's build that made it.
std::vector<ValueId> crossing(const Trace& trace) {
  const std::vector<bool> step = of_step(trace);
  const std::vector<bool> item = of_item(trace);
  std::vector<bool> read(trace.program.values.size(), false);
  for (const program::Op& op : trace.program.ops) {
    const bool in_step = std::any_of(op.inputs.begin(), op.inputs.end(), [&](ValueId id) { return step[id]; });
    if (!in_step) continue;
    for (ValueId id : op.inputs) read[id] = read[id] || (item[id] && !step[id]);
  }
  std::vector<ValueId> out;
  const auto take = [&](ValueId id) {
    if (read[id] && std::find(out.begin(), out.end(), id) == out.end()) out.push_back(id);
  };
  for (ValueId id : trace.memory) take(id);
  for (std::size_t i = trace.first_step_op; i < trace.program.ops.size(); ++i) {
    for (ValueId id : trace.program.ops[i].outputs) take(id);
  }
  return out;
}

// Copies the operations that `wanted` selects; `now` maps values and says which leaves are there already.
void copy_ops(const Program& from, const std::vector<bool>& wanted, std::vector<ValueId>& now, Program& to) {
  for (std::size_t id = 1; id < from.values.size(); ++id) {
    const program::Value& value = from.values[id];
    if (now[id] == 0 && value.leaf != program::Leaf::none && value.leaf != program::Leaf::input) {
      now[id] = to.add_leaf(value.leaf, value.index, value.name, value.type);
    }
  }
  for (std::size_t i = 0; i < from.ops.size(); ++i) {
    if (!wanted[i]) continue;
    program::Op op = from.ops[i];
    for (ValueId& id : op.inputs) id = now[id];
    for (ValueId& id : op.outputs) {
      now[id] = static_cast<ValueId>(to.values.size());
      to.values.push_back(from.values[id]);
      id = now[id];
    }
    to.ops.push_back(std::move(op));
  }
}

std::vector<std::pair<int, int>> cuts_of(const Graph& graph, const Island& island, const Trace& trace,
                                         const graph::EdgeType& type) {
  std::vector<std::pair<int, int>> out;
  for (std::size_t axis = 1; axis < type.dims.size(); ++axis) {
    const tensor::Dim dim = graph.symbols.resolve(type.dims[axis]);
    for (std::size_t i = 0; i < island.inputs.size() && !dim.known(); ++i) {
      const auto& dims = island.inputs[i].type.dims;
      if (trace.lengths[i] != 0 && dims.size() >= 2 && graph.symbols.resolve(dims[1]) == dim) {
        out.emplace_back(static_cast<int>(axis), static_cast<int>(i));
        break;
      }
    }
  }
  return out;
}

MemoryLength memory_length(const Graph& graph, const Island& island, const Trace& trace, const Memory& memory,
                           ValueId value) {
  MemoryLength out;
  const auto& shape = trace.program.type(value).shape;
  out.full = shape.rank() >= 2 ? shape[1] : 1;
  for (const auto& [axis, input] : cuts_of(graph, island, trace, memory.type)) {
    if (axis == 1) out.island_input = input;
  }
  return out;
}

// Adds the end of an item program that writes what steps read: kept[row] = value.
void keep_values(const Trace& trace, const ItemKey& key, const std::vector<ValueId>& now, ItemProgram& out) {
  const std::vector<ValueId> crossed = crossing(trace);
  if (crossed.empty()) return;
  std::int64_t longest = 1;
  for (ValueId id : trace.memory) {
    if (trace.program.type(id).shape.rank() >= 2) longest = std::max(longest, trace.program.type(id).shape[1]);
  }
  out.kept_capacity = longest <= key.kept_capacity
                          ? key.kept_capacity
                          : static_cast<std::int64_t>(std::bit_ceil(static_cast<std::uint64_t>(longest)));
  out.row_input = static_cast<int>(out.program.inputs.size());
  const ValueId row = out.program.add_input("row", i32(trace.program.type(crossed.front()).shape[0]));
  for (ValueId id : crossed) {
    TensorType type = trace.program.type(id);
    if (type.shape.rank() < 2) {
      base::fail(base::ErrorKind::plugin, "a value that is computed once an item and read by each step is " +
                                              type.text() + ": it must have a batch and another dimension");
    }
    const std::int64_t length = type.shape[1];
    type.shape[0] = key.rows;
    // Only what has the memory's length grows with the capacity.
    const bool has_length = std::any_of(trace.memory.begin(), trace.memory.end(), [&](ValueId m) {
      const auto& shape = trace.program.type(m).shape;
      return shape.rank() >= 2 && shape[1] == length;
    });
    if (has_length) type.shape[1] = out.kept_capacity;
    const auto number = static_cast<std::uint32_t>(out.kept.size());
    const ValueId leaf = out.program.add_leaf(program::Leaf::kept, number, "kept." + std::to_string(number), type);
    out.program.emit(*program::find_op("keep"), {now[id], row, leaf}, {}, "keep");
    out.kept.push_back(type);
  }
}

}  // namespace

std::vector<Memory> memories(const Graph& graph, const Island& island) {
  std::vector<Memory> out;
  if (island.generator < 0) return out;
  const auto add = [&](const graph::Stage& stage, const auto& recurse) -> void {
    for (std::size_t port = 0; port < stage.inputs.size(); ++port) {
      if (!stage.inputs[port]) continue;
      const graph::EdgeType& type = stage.input_types[port];
      if (type.kind != graph::Kind::tensor) continue;  // the prompt
      const bool known =
          std::any_of(out.begin(), out.end(), [&](const Memory& m) { return same(m.source, *stage.inputs[port]); });
      if (!known) out.push_back({*stage.inputs[port], type, stage.name + "." + stage.type->inputs[port].name});
    }
    for (const auto& [slot, filler] : stage.slots) recurse(graph.stages[index(filler)], recurse);
  };
  add(graph.stages[index(island.generator)], add);
  return out;
}

std::string ItemKey::text() const {
  std::string out = std::to_string(rows) + ":" + std::to_string(kept_capacity);
  for (const tensor::Shape& shape : inputs) out += shape.text();
  return out;
}

ItemProgram lower_item(const Graph& graph, const Island& island, const ItemKey& key, WeightTable& weights) {
  StepKey step;
  step.rows = std::max<std::int64_t>(1, key.rows);
  step.state_capacity = 1;
  const Trace trace = trace_item(graph, island, key, weights, step);
  ItemProgram out;
  out.program.name = trace.program.name;
  out.program.owned = trace.program.owned;
  std::vector<ValueId> now(trace.program.values.size(), 0);
  for (std::size_t i = 0; i < island.inputs.size(); ++i) {
    out.value_inputs.push_back(static_cast<int>(out.program.inputs.size()));
    now[trace.values[i]] = out.program.add_input(island.inputs[i].name, trace.program.type(trace.values[i]));
    out.length_inputs.push_back(trace.lengths[i] == 0 ? -1 : static_cast<int>(out.program.inputs.size()));
    if (trace.lengths[i] != 0) {
      now[trace.lengths[i]] =
          out.program.add_input(island.inputs[i].name + ".length", trace.program.type(trace.lengths[i]));
    }
  }
  const std::vector<bool> step_values = of_step(trace);
  std::vector<bool> wanted;
  for (const program::Op& op : trace.program.ops) {
    wanted.push_back(std::none_of(op.inputs.begin(), op.inputs.end(), [&](ValueId id) { return step_values[id]; }));
  }
  copy_ops(trace.program, wanted, now, out.program);
  for (const Source& source : island.outputs) {
    const ValueId value = trace.outputs.at({source.stage, source.port});
    const graph::EdgeType& type = graph.type(source);
    out.results.push_back({source, cuts_of(graph, island, trace, type)});
    out.program.results.push_back({graph.stages[index(source.stage)].name + "." +
                                       graph.stages[index(source.stage)].type->outputs[index(source.port)].name,
                                   now[value]});
  }
  keep_values(trace, key, now, out);
  const std::vector<Memory> all = memories(graph, island);
  for (std::size_t m = 0; m < all.size(); ++m) {
    out.memory_lengths.push_back(memory_length(graph, island, trace, all[m], trace.memory[m]));
  }
  out.program = program::without_dead_ops(out.program);
  return out;
}

StepProgram lower_step(const Graph& graph, const Island& island, const StepKey& key, WeightTable& weights) {
  const Trace trace = trace_step(graph, island, key, weights);
  StepProgram out;
  out.program.name = trace.program.name;
  out.program.owned = trace.program.owned;
  out.states = trace.states;
  std::vector<ValueId> now(trace.program.values.size(), 0);
  for (ValueId id : trace.step_inputs)
    now[id] = out.program.add_input(trace.program.values[id].name, trace.program.type(id));
  for (ValueId id : trace.lengths)
    now[id] = out.program.add_input(trace.program.values[id].name, trace.program.type(id));
  for (ValueId id : crossing(trace)) {
    const auto number = static_cast<std::uint32_t>(out.kept.size());
    now[id] =
        out.program.add_leaf(program::Leaf::kept, number, "kept." + std::to_string(number), trace.program.type(id));
    out.kept.push_back(trace.program.type(id));
  }
  const std::vector<bool> item_values = of_item(trace);
  const std::vector<bool> step_values = of_step(trace);
  std::vector<bool> wanted;
  for (const program::Op& op : trace.program.ops) {
    const bool in_step = std::any_of(op.inputs.begin(), op.inputs.end(), [&](ValueId id) { return step_values[id]; });
    const bool in_item = std::any_of(op.inputs.begin(), op.inputs.end(), [&](ValueId id) { return item_values[id]; });
    wanted.push_back(in_step || !in_item);
  }
  copy_ops(trace.program, wanted, now, out.program);
  ValueId result = now[trace.logits];
  if (key.greedy) result = out.program.emit(*program::find_op("argmax"), {result}, {}, "sampler").front();
  out.program.results.push_back({key.greedy ? "ids" : "logits", result});
  out.program = program::without_dead_ops(out.program);
  return out;
}

}  // namespace motet::lower
