#include "runtime/host_stage.hpp"

#include <algorithm>

#include "host/checks.hpp"
#include "host/failure.hpp"

namespace motet::runtime {
namespace {

// Other stages were planned for what the port declares, so that they would be blamed for it.
void check_shape(const graph::Stage& stage, std::size_t port, const value::Value& made) {
  const graph::EdgeType& declared = stage.output_types[port];
  if (made.kind() != value::Kind::tensor || declared.kind != graph::Kind::tensor) return;
  const tensor::TensorType& got = made.tensor().type();
  bool fits = declared.dtype == tensor::DType::none || declared.dtype == got.dtype;
  fits = fits && declared.dims.size() == static_cast<std::size_t>(got.shape.rank());
  for (std::size_t d = 0; fits && d < declared.dims.size(); ++d)
    fits = !declared.dims[d].known() || declared.dims[d].size == got.shape[static_cast<int>(d)];
  if (fits) return;
  const plugin::PortInfo& info = stage.type->outputs[port];
  throw host::StageError::broken(
      stage.name, stage.type->id, host::kOutputKind,
      "process set the output '" + info.name + "', which is " + info.type + ", to " + got.text());
}

void process(const graph::Stage& stage, const std::vector<value::Ref>& in, std::vector<value::Ref>& out,
             const host::CallOptions& options, HostScratch& scratch) {
  scratch.pointers.clear();
  for (const value::Ref& one : in) scratch.pointers.push_back(one.get());
  out.assign(stage.type->outputs.size(), {});
  if (stage.isolated) {
    stage.isolated->process(scratch.pointers, out, options);
  } else {
    stage.instance->process(scratch.pointers, out, options);
  }
  for (std::size_t o = 0; o < out.size(); ++o) check_shape(stage, o, *out[o]);
}

// One call for each element; lists come out.
void process_each(const graph::Stage& stage, const std::vector<value::Ref>& in, std::vector<value::Ref>& out,
                  const host::CallOptions& options, HostScratch& scratch) {
  const auto is_list = [&](std::size_t i) { return in[i] && stage.input_types[i].list; };
  std::size_t size = 0;
  for (std::size_t i = 0; i < in.size(); ++i) {
    if (is_list(i)) size = std::max(size, in[i]->list().size());
  }
  std::vector<value::List> lists(stage.type->outputs.size());
  std::vector<value::Ref> element(in.size());
  std::vector<value::Ref> made;
  for (std::size_t k = 0; k < size; ++k) {
    for (std::size_t i = 0; i < in.size(); ++i) {
      if (is_list(i) && in[i]->list().size() != size)
        base::fail(base::ErrorKind::item, "stage '" + stage.name + "': its lists have different lengths");
      element[i] = is_list(i) ? in[i]->list()[k] : in[i];
    }
    process(stage, element, made, options, scratch);
    for (std::size_t o = 0; o < made.size(); ++o) lists[o].push_back(std::move(made[o]));
  }
  out.clear();
  for (value::List& list : lists) out.push_back(value::make_list(std::move(list)));
}

}  // namespace

void run_host_stage(const graph::Stage& stage, std::vector<value::Ref>& outputs, const ItemValues& values,
                    const host::CallOptions& options, HostScratch& scratch) {
  scratch.inputs.clear();
  for (const auto& source : stage.inputs) scratch.inputs.push_back(source ? values.at(*source) : value::Ref());
  if (stage.maps) {
    process_each(stage, scratch.inputs, outputs, options, scratch);
  } else {
    process(stage, scratch.inputs, outputs, options, scratch);
  }
  scratch.inputs.clear();
}

bool runs_in_parallel(const graph::Graph& graph, const graph::Stage& stage) {
  if (stage.type->concurrency != MOTET_PARALLEL) return false;
  return std::all_of(stage.slots.begin(), stage.slots.end(), [&](const auto& slot) {
    return runs_in_parallel(graph, graph.stages[static_cast<std::size_t>(slot.second)]);
  });
}

}  // namespace motet::runtime
