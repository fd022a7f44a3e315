#include "verify/subject.hpp"

#include <algorithm>
#include <utility>

#include "device/device.hpp"
#include "spec/written_input.hpp"
#include "verify/setup.hpp"
#include "verify/values.hpp"

namespace motet::verify {
namespace {

std::vector<runtime::ItemResult> run_graph(const graph::Graph& graph, const std::vector<runtime::Item>& items,
                                           const std::string& device, const Running& running) {
  device::DeviceOptions options;
  options.name = device;
  options.threads = 1;
  const std::unique_ptr<device::Device> opened = device::open_device(options);
  runtime::SessionOptions session;
  session.threads = 1;
  session.observer = running.observer;
  session.padding = running.padding;
  session.most_rows = running.most_rows;
  runtime::Session runs(graph, *opened, session);
  if (running.before != nullptr) (void)runs.run(*running.before);
  return runs.run(items);
}

// What a stage does is watched in this process, also where its pipeline isolates it.
graph::ResolveOptions kit_options(host::CallObserver& observer) {
  return {.checking = host::Checking::on, .observer = &observer, .in_process = true};
}

}  // namespace

Subject::Subject(const Request& request, const plugin::Registry& registry, host::CallObserver& observer, ReadItem read)
    : registry_(registry),
      observer_(observer),
      read_(std::move(read)),
      setup_(request.setup),
      set_(request.set),
      random_(request.seed),
      graph_(graph::resolve(request.setup.pipeline, given_of(request.setup, request.set), registry,
                            kit_options(observer))) {
  for (std::size_t i = 0; i < graph_.stages.size(); ++i) {
    if (graph_.stages[i].name == setup_.stage) at_ = static_cast<int>(i);
  }
  if (at_ < 0) base::fail(base::ErrorKind::user, "the pipeline has no stage '" + setup_.stage + "'");
  loaded_ = registry.load(type());
}

Made Subject::create(const Making& making) {
  Made made;
  made.complaints_ = std::make_unique<base::Diagnostics>();
  graph::Stage* owner = stage().owner >= 0 ? &graph_.stages[static_cast<std::size_t>(stage().owner)] : nullptr;
  if (owner != nullptr)
    made.owner_hooks_ = std::make_unique<graph::StageHooks>(graph_, *owner, owner->place, nullptr, *made.complaints_);
  made.hooks_ =
      std::make_unique<graph::StageHooks>(graph_, stage(), stage().place, made.owner_hooks_.get(), *made.complaints_);
  host::InstanceSettings settings = stage().instance->settings();
  settings.table = making.table;
  settings.observer = making.observer != nullptr ? making.observer : &observer_;
  host::CallOptions options;
  if (making.alone) made.hooks_.reset();
  options.hooks = made.hooks_.get();
  plugin::LoadedType type = loaded_;
  if (making.type != nullptr) type.type = making.type;
  made.instance_ = host::Instance::create(
      type, settings, making.parameters != nullptr ? *making.parameters : stage().parameters, options);
  if (making.alone) return made;
  for (const auto& [slot, filler] : stage().slots)
    made.instance_->fill(slot, *graph_.stages[static_cast<std::size_t>(filler)].instance);
  return made;
}

std::vector<host::TensorSpec> Subject::inputs_of_negotiation() const {
  std::vector<host::TensorSpec> inputs(stage().inputs.size());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const graph::EdgeType& type = stage().input_types[i];
    if (type.kind != graph::Kind::tensor || type.dtype == tensor::DType::none) continue;
    inputs[i] = {type.dtype, type.dims};
    for (tensor::Dim& dim : inputs[i].shape) dim = graph_.symbols.resolve(dim);
  }
  return inputs;
}

std::vector<host::TensorSpec> Subject::negotiate(Made& made, const std::vector<host::TensorSpec>& given) {
  host::CallOptions options;
  if (made.hooks_ && made.owner_hooks_) {  // a filler hears its owner's offers first
    graph::Stage& owner = graph_.stages[static_cast<std::size_t>(stage().owner)];
    std::vector<host::TensorSpec> inputs(owner.inputs.size());
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const graph::EdgeType& type = owner.input_types[i];
      if (type.kind == graph::Kind::tensor) inputs[i] = {type.dtype, type.dims};
    }
    std::vector<host::TensorSpec> outputs(owner.output_types.size());
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      if (owner.output_types[i].kind == graph::Kind::tensor)
        outputs[i] = {owner.output_types[i].dtype, owner.output_types[i].dims};
    }
    options.hooks = made.owner_hooks_.get();
    owner.instance->negotiate(inputs, outputs, options);
  }
  std::vector<host::TensorSpec> outputs(stage().output_types.size());
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const graph::EdgeType& type = stage().output_types[i];
    if (type.kind == graph::Kind::tensor) outputs[i] = {type.dtype, type.dims};
  }
  options.hooks = made.hooks_.get();
  made->negotiate(given, outputs, options);
  return outputs;
}

Made Subject::make(const Making& making) {
  Made made = create(making);
  negotiate(made);
  return made;
}

std::vector<runtime::Item> Subject::pipeline_items() {
  std::vector<runtime::Item> out;
  for (const spec::TestCase& one : cases_of(setup_)) {
    std::vector<std::string> in;
    for (const spec::Argument& argument : one.in) {
      const auto input = std::find_if(graph_.inputs.begin(), graph_.inputs.end(),
                                      [&](const graph::Input& i) { return i.name == argument.name.text; });
      const bool text = input != graph_.inputs.end() && input->type.kind == graph::Kind::text;
      in.push_back(argument.name.text + "=" + spec::written_input(argument.value, text, setup_.pipeline.parent_path()));
    }
    out.push_back(read_(in, graph_));
  }
  if (!out.empty()) return out;
  const bool defaults = std::all_of(graph_.inputs.begin(), graph_.inputs.end(),
                                    [](const graph::Input& one) { return one.otherwise.has_value(); });
  if (defaults && !graph_.inputs.empty()) return {read_({}, graph_)};
  // Values of the declared types, three times: small, small and larger.
  for (const std::int64_t most : {5, 9, 40}) out.push_back(random_pipeline_item(most));
  return out;
}

runtime::Item Subject::random_pipeline_item(std::int64_t most) {
  OpenSizes sizes;
  sizes.most = most;
  runtime::Item item;
  for (const graph::Input& input : graph_.inputs) item.inputs[input.name] = random_value(input.type, sizes, random_);
  return item;
}

runtime::Item Subject::another_item(const std::vector<runtime::Item>& there, std::int64_t most) {
  const auto same = [](const runtime::Item& a, const runtime::Item& b) {
    return std::all_of(a.inputs.begin(), a.inputs.end(), [&](const auto& input) {
      return !input.second || difference(*input.second, *b.inputs.at(input.first)).empty();
    });
  };
  runtime::Item out = random_pipeline_item(most);
  for (int attempt = 0; attempt < 10; ++attempt) {
    if (std::none_of(there.begin(), there.end(), [&](const runtime::Item& one) { return same(out, one); })) break;
    out = random_pipeline_item(most + attempt);
  }
  return out;
}

std::vector<runtime::ItemResult> Subject::run(const std::vector<runtime::Item>& items, const std::string& device,
                                              Made* instance, const Running& running) {
  if (instance == nullptr) return run_graph(graph_, items, device, running);
  struct InItsPlace {
    std::unique_ptr<host::Instance>&own, &other;
    InItsPlace(std::unique_ptr<host::Instance>& a, std::unique_ptr<host::Instance>& b) : own(a), other(b) {
      std::swap(own, other);
    }
    ~InItsPlace() { std::swap(own, other); }
  } const swapped(stage().instance, instance->instance_);
  return run_graph(graph_, items, device, running);
}

std::optional<runtime::Item> Subject::item_of_sizes(std::int64_t first, std::int64_t apart) {
  runtime::Item item;
  std::map<std::uint32_t, std::int64_t> sizes;  // by symbol: letters that meet at the stage are one
  const auto size_of = [&](tensor::Dim dim) {
    dim = graph_.symbols.resolve(dim);
    if (dim.known()) return dim.size;
    return sizes.try_emplace(dim.symbol, first + apart * static_cast<std::int64_t>(sizes.size())).first->second;
  };
  for (std::size_t i = 0; i < graph_.inputs.size(); ++i) {
    const graph::Input& input = graph_.inputs[i];
    const tensor::SymbolicShape& dims = graph_.input_types[i].dims;
    OpenSizes open;
    open.least = open.most = first;
    if (input.type.kind == graph::Kind::tokens && !dims.empty()) open.least = open.most = size_of(dims.front());
    for (std::size_t d = 0; d < input.type.dims.size() && d < dims.size(); ++d) {
      const graph::DimPattern& dim = input.type.dims[d];
      if (dim.size < 0 && !dim.ellipsis) open.letters[dim.letter] = size_of(dims[d]);
    }
    item.inputs[input.name] = random_value(input.type, open, random_);
  }
  const bool wanted = apart == 0 ? !sizes.empty() : sizes.size() > 1;
  return wanted ? std::optional(std::move(item)) : std::nullopt;
}

const std::vector<std::vector<value::Ref>>& Subject::items() {
  if (!items_.empty()) return items_;
  const bool of_stages = std::any_of(stage().inputs.begin(), stage().inputs.end(),
                                     [](const auto& source) { return source && source->stage >= 0; });
  const std::vector<runtime::Item> given = stage().owner >= 0 ? std::vector<runtime::Item>() : pipeline_items();
  if (stage().owner >= 0) {
    items_ = random_items();  // a filler is called with whatever its owner has
  } else if (of_stages) {
    items_ = through_earlier_stages(given);
  } else {
    for (const runtime::Item& item : given) {
      std::vector<value::Ref> outputs;
      for (const auto& source : stage().inputs) {
        if (source) outputs.push_back(item.inputs.at(graph_.inputs[static_cast<std::size_t>(source->port)].name));
      }
      items_.push_back(inputs_from(outputs));
    }
  }
  return items_;
}

// The pipeline as far as this stage, and not further: what it takes is what comes out.
std::vector<std::vector<value::Ref>> Subject::through_earlier_stages(const std::vector<runtime::Item>& given) {
  graph::Graph earlier = graph::resolve(setup_.pipeline, given_of(setup_, set_), registry_, kit_options(observer_));
  earlier.outputs.clear();
  for (const auto& source : stage().inputs) {
    if (source) earlier.outputs.push_back({"", *source});
  }
  earlier.stages.erase(earlier.stages.begin() + at_, earlier.stages.end());
  std::vector<std::vector<value::Ref>> out;
  for (runtime::ItemResult& result : run_graph(earlier, given, "cpu", {})) {
    if (result.error) throw base::Error(*result.error);
    out.push_back(inputs_from(result.outputs));
  }
  return out;
}

std::vector<std::vector<value::Ref>> Subject::random_items() {
  std::vector<std::vector<value::Ref>> out;
  for (const std::int64_t most : {5, 9, 40}) {
    OpenSizes sizes;
    sizes.most = most;
    out.emplace_back();
    for (const plugin::PortInfo& port : type().inputs)
      out.back().push_back(random_value(graph::parse_port_type(port.type).front(), sizes, random_));
  }
  return out;
}

std::vector<value::Ref> Subject::inputs_from(const std::vector<value::Ref>& outputs) const {
  std::vector<value::Ref> out;
  std::size_t next = 0;
  for (std::size_t i = 0; i < stage().inputs.size(); ++i) {
    out.emplace_back();
    if (!stage().inputs[i]) continue;
    out.back() = outputs[next++];
    // Called once for each element of a list: the first of them stands for all.
    if (stage().maps && stage().input_types[i].list && !out.back()->list().empty())
      out.back() = value::Ref(out.back()->list().front());
  }
  return out;
}

std::vector<value::Ref> Subject::process(const host::Instance& instance, const std::vector<value::Ref>& inputs,
                                         const host::CallOptions& options) {
  std::vector<const value::Value*> pointers;
  for (const value::Ref& one : inputs) pointers.push_back(one.get());
  std::vector<value::Ref> outputs(instance.info().outputs.size());
  instance.process(pointers, outputs, options);
  return outputs;
}

}  // namespace motet::verify
