// Stages are made and negotiated, sources before those that take from them; types are matched across edges.
#include <algorithm>

#include "graph/params.hpp"
#include "graph/resolver.hpp"

namespace motet::graph {

void Resolver::bring_up(int at) {
  Stage& stage = graph_.stages[index(at)];
  if (stage.owner >= 0) return;  // with its owner
  create(at);
  negotiate_tree(at);
}

void Resolver::create(int at) {
  Stage& stage = graph_.stages[index(at)];
  Draft& draft = drafts_[index(at)];
  const spec::Isolation& asked = draft.flat->spec->isolation;
  if (asked.on && stage.owner < 0 && !options_.in_process && !options_.worker.empty()) {
    if (!lent_) lent_ = std::make_shared<isolation::Arena>(isolation::memory_file("motet-values", 0));
    stage.isolated = std::make_unique<isolation::IsolatedStage>(
        isolation::ProcessSettings{options_.worker, stage.name, asked.timeout, asked.most_memory_bytes}, lent_);
  }
  for (const auto& [slot, filler] : stage.slots) create(filler);
  if (stage.type == nullptr) return;
  const base::Place weights_place = draft.flat->spec->weights ? draft.flat->spec->weights->from.place : stage.place;
  StageHooks* owner = stage.owner >= 0 ? drafts_[index(stage.owner)].hooks.get() : nullptr;
  const std::size_t before = diagnostics_.size();
  const std::vector<host::ParamValue> params = bind_arguments(*draft.flat, *stage.type, diagnostics_);
  if (stage.weights >= 0 && graph_.files[index(stage.weights)].file == nullptr) draft.broken = true;
  if (stage.weights < 0 && draft.flat->spec->weights) draft.broken = true;  // named, but not there
  draft.hooks = std::make_unique<StageHooks>(graph_, stage, weights_place, owner, diagnostics_);
  if (diagnostics_.size() != before || draft.broken) {
    draft.broken = true;
    return;
  }
  stage.parameters = params;
  guarded(at, [&] { make(at, params); });
}

isolation::IsolatedStage* Resolver::isolated(int at) const {
  while (graph_.stages[index(at)].owner >= 0) at = graph_.stages[index(at)].owner;
  return graph_.stages[index(at)].isolated.get();
}

void Resolver::make(int at, const std::vector<host::ParamValue>& params) {
  Stage& stage = graph_.stages[index(at)];
  Draft& draft = drafts_[index(at)];
  host::InstanceSettings settings{stage.name, flat_.top().folder(), options_.checking};
  settings.observer = options_.observer;
  host::CallOptions options;
  options.hooks = draft.hooks.get();
  isolation::IsolatedStage* process = isolated(at);
  if (process == nullptr) {
    stage.instance = host::Instance::create(registry_.load(*stage.type), settings, params, options);
    adopt_operations(at);
    for (const auto& [slot, filler] : stage.slots) {
      if (graph_.stages[index(filler)].instance) stage.instance->fill(slot, *graph_.stages[index(filler)].instance);
    }
    return;
  }
  draft.broken = process->failed();  // in what fills its slots, and said there
  if (draft.broken) return;
  draft.member = process->create(*stage.type, registry_.library_of(*stage.type), settings, params, options);
  for (const auto& [slot, filler] : stage.slots) {
    if (drafts_[index(filler)].member) process->fill(*draft.member, slot, *drafts_[index(filler)].member);
  }
}

void Resolver::negotiate_tree(int at) {
  const auto slots = graph_.stages[index(at)].slots;
  const auto builds = [&](int filler) {
    const plugin::StageTypeInfo* type = graph_.stages[index(filler)].type;
    return type != nullptr && type->is_tensor();
  };
  relink_hooks(at);
  for (const auto& [slot, filler] : slots) {
    if (!builds(filler)) negotiate_tree(filler);
  }
  negotiate(at);
  for (const auto& [slot, filler] : slots) {
    if (builds(filler)) negotiate_tree(filler);
  }
}

void Resolver::relink_hooks(int at) {
  for (const auto& [slot, filler] : graph_.stages[index(at)].slots) {
    Draft& draft = drafts_[index(filler)];
    const base::Place place =
        draft.flat->spec->weights ? draft.flat->spec->weights->from.place : graph_.stages[index(filler)].place;
    draft.hooks = std::make_unique<StageHooks>(graph_, graph_.stages[index(filler)], place,
                                               drafts_[index(at)].hooks.get(), diagnostics_);
  }
}

void Resolver::negotiate(int at) {
  Stage& stage = graph_.stages[index(at)];
  Draft& draft = drafts_[index(at)];
  if (stage.type == nullptr) return;
  const bool typed = match_inputs(at);
  std::vector<host::TensorSpec> outputs;
  for (std::size_t i = 0; i < draft.out_types.size(); ++i) {
    stage.output_types.push_back(output_type(at, i));
    outputs.push_back({stage.output_types[i].dtype, stage.output_types[i].dims});
    if (stage.output_types[i].kind != Kind::tensor) outputs.back() = {};
  }
  isolation::IsolatedStage* process = isolated(at);
  const bool made = process != nullptr ? draft.member && !process->failed() : stage.instance != nullptr;
  if (!typed || draft.broken || !made) {
    draft.broken = true;
    return;
  }
  std::vector<host::TensorSpec> inputs(stage.inputs.size());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const EdgeType& type = stage.input_types[i];
    if (type.kind == Kind::tensor && type.dtype != tensor::DType::none) inputs[i] = {type.dtype, resolved(type.dims)};
  }
  guarded(at, [&] {
    host::CallOptions options;
    options.hooks = draft.hooks.get();
    if (process != nullptr) {
      process->negotiate(*draft.member, inputs, outputs, options);
    } else {
      stage.instance->negotiate(inputs, outputs, options);
    }
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      if (stage.output_types[i].kind != Kind::tensor || outputs[i].dtype == tensor::DType::none) continue;
      stage.output_types[i].dtype = outputs[i].dtype;
      stage.output_types[i].dims = outputs[i].shape;
    }
  });
}

EdgeType Resolver::output_type(int at, std::size_t i) {
  Stage& stage = graph_.stages[index(at)];
  Draft& draft = drafts_[index(at)];
  EdgeType type = instantiate(draft.out_types[i].front(), stage.name, draft.letters, graph_.symbols);
  if (stage.way != Way::host && type.kind == Kind::tensor) type.batched = true;
  if (type.list) type.list_symbol = fresh_list(stage.name);
  if (stage.maps) {
    type.list = true;
    for (const EdgeType& input : stage.input_types) {
      if (input.list_symbol != 0) type.list_symbol = input.list_symbol;
    }
  }
  return type;
}

tensor::SymbolicShape Resolver::resolved(tensor::SymbolicShape dims) const {
  for (Dim& dim : dims) dim = graph_.symbols.resolve(dim);
  return dims;
}

bool Resolver::match_inputs(int at) {
  Stage& stage = graph_.stages[index(at)];
  Draft& draft = drafts_[index(at)];
  bool good = true;
  bool once = false;
  bool each_item = false;
  for (std::size_t i = 0; i < stage.inputs.size(); ++i) {
    if (stage.type->inputs[i].has(MOTET_PORT_FROM_CALLER)) {
      stage.input_types[i] = instantiate(draft.in_types[i].front(), stage.name, draft.letters, graph_.symbols);
      continue;
    }
    if (!stage.inputs[i]) continue;
    const Source& source = *stage.inputs[i];
    if (source.stage >= 0 && drafts_[index(source.stage)].broken) {
      check_declared_kind(at, i, source);
      good = false;
      continue;
    }
    const bool from_once =
        source.stage < 0 ? graph_.inputs[index(source.port)].once : graph_.stages[index(source.stage)].once;
    (from_once ? once : each_item) = true;
    good = match_input(at, i, source) && good;
  }
  stage.once = once && !each_item;
  return good;
}

bool Resolver::match_input(int at, std::size_t i, const Source& source) {
  Stage& stage = graph_.stages[index(at)];
  Draft& draft = drafts_[index(at)];
  const EdgeType& from = graph_.type(source);
  // A generator's prompt and other host values of a tensor stage keep their kind; everything else becomes a tensor.
  const bool prompt = stage.way == Way::generator && from.kind == Kind::tokens;
  std::optional<EdgeType> seen = prompt ? std::optional(from) : seen_by(stage.way, from, graph_);
  if (!seen) {
    report_misfit(at, i, source, nullptr, {"a tensor stage takes tensors and tokens"});
    return false;
  }
  EdgeType value = *seen;
  const bool takes_list =
      std::any_of(draft.in_types[i].begin(), draft.in_types[i].end(), [](const PortType& type) { return type.list; });
  if (stage.way == Way::host && value.list && !takes_list && !stage.type->inputs[i].has(MOTET_PORT_WHOLE_LIST)) {
    stage.maps = true;
    value.list = false;
  }
  const base::Note edge{source.place, edge_name(at, i, source)};
  const std::optional<Misfit> misfit = match(value, draft.in_types[i], stage.name, draft.letters, graph_.symbols, edge);
  if (misfit) {
    report_misfit(at, i, source, &*seen, *misfit);
    return false;
  }
  stage.input_types[i] = *seen;
  return true;
}

base::Place Resolver::blamed(int at, std::string_view path) const {
  const Stage& stage = graph_.stages[index(at)];
  const spec::StageSpec& written = *drafts_[index(at)].flat->spec;
  const std::size_t dot = path.find('.');
  const std::string_view group = path.substr(0, dot);
  const std::string_view name = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
  if (group == "with") {
    for (const spec::Argument& argument : written.with) {
      if (argument.name.text == name) return argument.value.place;
    }
  }
  if (group == "in") {
    for (std::size_t i = 0; i < stage.inputs.size(); ++i) {
      if (stage.type->inputs[i].name == name && stage.inputs[i]) return stage.inputs[i]->place;
    }
  }
  if (group == "slots") {
    for (const spec::StageSpec& filler : written.slots) {
      if (filler.name.text == name) return filler.place;
    }
  }
  if (group == "weights" && written.weights) return written.weights->from.place;
  return written.use.place ? written.use.place : stage.place;
}

std::string Resolver::refusal_help(int at, std::string_view path) const {
  const plugin::StageTypeInfo& type = *graph_.stages[index(at)].type;
  constexpr std::string_view kParameter = "with.";
  const plugin::ParamInfo* param =
      path.starts_with(kParameter) ? type.find_param(path.substr(kParameter.size())) : nullptr;
  if (param != nullptr && !param->help.empty()) return "'" + param->name + "' takes " + param->help;
  return "`motet inspect " + type.id + "` shows what it takes";
}

}  // namespace motet::graph
