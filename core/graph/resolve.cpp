#include <algorithm>

#include "base/nearest.hpp"
#include "graph/resolver.hpp"
#include "spec/missing_path.hpp"
#include "spec/substitution.hpp"
#include "spec/written_input.hpp"

namespace motet::graph {

using base::Diagnostic;
using base::Diagnostics;

Graph Resolver::run() {
  graph_.name = flat_.top().name;
  graph_.summary = flat_.top().summary;
  graph_.batch = graph_.symbols.fresh("B");
  declare_inputs();
  open_weights();
  for (const FlatStage& flat : flat_.stages) declare(flat, -1);
  connect_all();
  const std::vector<int> order = sort();
  for (int at : order) bring_up(at);
  reorder(order);
  share_memory();
  connect_outputs();
  return std::move(graph_);
}

void Resolver::declare_inputs() {
  for (const spec::InputSpec& input : flat_.top().inputs) {
    Input made{input.name.text, input.help, {}, input.once, {}, {}};
    if (!parse_value_type(input.type.text, made.type)) {
      diagnostics_.add("M0201", input.type.place, "'" + input.type.text + "' is no type of value",
                       "write text, image, audio, table, tokens, a list as text[], or a tensor as f32[T, D]");
    }
    if (input.default_value)
      made.otherwise = spec::written_input(*input.default_value, made.type.kind == Kind::text, flat_.top().folder());
    Letters letters;
    EdgeType type = instantiate(made.type, made.name, letters, graph_.symbols);
    if (type.list) type.list_symbol = fresh_list(made.name);
    graph_.input_types.push_back(std::move(type));
    graph_.inputs.push_back(std::move(made));
  }
}

std::uint32_t Resolver::fresh_list(const std::string& name) {
  graph_.list_dims.push_back(graph_.symbols.fresh(name + "[]"));
  return graph_.list_dims.back().symbol;
}

namespace {

std::string weights_help(const std::string& path, const base::Error& error) {
  std::string unbraced = spec::unbraced_help(path);
  if (!unbraced.empty()) return unbraced;
  std::error_code failed;
  const bool missing = !std::filesystem::exists(path, failed) && !failed;
  return missing ? spec::missing_path_help(path) : error.help();
}

}  // namespace

void Resolver::open_weights() {
  for (const FlatWeights& weights : flat_.weights) {
    WeightsFile made{weights.name, nullptr};
    if (!weights.path.empty()) {
      try {
        made.file = weights::open(weights.path);
      } catch (const base::Error& error) {
        diagnostics_.add("M0300", weights.place, error.what(), weights_help(weights.path, error));
      }
    }
    graph_.files.push_back(std::move(made));
  }
}

int Resolver::declare(const FlatStage& flat, int owner) {
  const int at = static_cast<int>(graph_.stages.size());
  graph_.stages.emplace_back();
  drafts_.emplace_back();
  drafts_[index(at)].flat = &flat;
  Stage& stage = graph_.stages.back();
  stage.name = flat.name;
  stage.place = flat.spec->place;
  stage.owner = owner;
  stage.slot = flat.slot;
  stage.weights_prefix = flat.weights_prefix;
  for (std::size_t i = 0; i < graph_.files.size(); ++i) {
    if (!flat.weights.empty() && graph_.files[i].name == flat.weights) stage.weights = static_cast<int>(i);
  }
  find_type(at);
  by_name_[flat.name] = at;
  for (const FlatStage& filler : flat.fillers) {
    const int made = declare(filler, at);
    fill(at, filler, made);
  }
  check_slots(at);
  return at;
}

void Resolver::find_type(int at) {
  Stage& stage = graph_.stages[index(at)];
  Draft& draft = drafts_[index(at)];
  const spec::Text& use = draft.flat->spec->use;
  if (use.empty()) {  // said when the file was read
    draft.broken = true;
    return;
  }
  const plugin::Found found = registry_.find(use.text);
  stage.type = found.type;
  if (found.type == nullptr) {
    draft.broken = true;
    if (!found.candidates.empty()) {
      std::string all;
      for (const std::string& one : found.candidates) all += (all.empty() ? "" : ", ") + one;
      diagnostics_.add("M0111", use.place, "several plugins offer '" + use.text + "'", "name one of " + all);
      return;
    }
    Diagnostic& d = diagnostics_.add("M0110", use.place, "no stage type '" + use.text + "'",
                                     base::suggestion(use.text, registry_.type_ids()));
    for (const plugin::Refused& refused : registry_.refused()) {
      d.notes.push_back({{}, "refused " + refused.file.string() + ": " + refused.reason});
    }
    return;
  }
  stage.way = stage.owner >= 0             ? Way::filler
              : stage.type->is_generator() ? Way::generator
              : stage.type->is_tensor()    ? Way::tensor
                                           : Way::host;
  check_isolation(at);
  const std::string owner = "' of " + stage.type->id + " (plugin " + stage.type->plugin + ")";
  for (const plugin::PortInfo& port : stage.type->inputs)
    draft.in_types.push_back(parse_port_type(port.type, "the input '" + port.name + owner));
  for (const plugin::PortInfo& port : stage.type->outputs)
    draft.out_types.push_back(parse_port_type(port.type, "the output '" + port.name + owner));
  stage.inputs.resize(stage.type->inputs.size());
  stage.input_types.resize(stage.type->inputs.size());
}

void Resolver::check_isolation(int at) {
  const Stage& stage = graph_.stages[index(at)];
  const spec::Isolation& asked = drafts_[index(at)].flat->spec->isolation;
  if (!asked.on) return;
  const auto refuse = [&](const std::string& message, const std::string& help) {
    diagnostics_.add("M0141", asked.place, message, help);
    drafts_[index(at)].broken = true;
  };
  if (stage.way == Way::filler) {
    refuse("what fills a slot runs where the stage runs that has the slot",
           "write 'isolate' beside that stage's 'use'");
  } else if (stage.way != Way::host) {
    refuse("'isolate' is for host stages: " + stage.type->id + " runs no code on values", "leave it out");
  } else if (options_.worker.empty() && !options_.in_process) {
    refuse("this program has no way to isolate a stage", "leave it out, or run the pipeline with `motet`");
  }
}

void Resolver::fill(int owner, const FlatStage& filler, int made) {
  Stage& stage = graph_.stages[index(owner)];
  if (stage.type == nullptr) return;
  const plugin::SlotInfo* slot = nullptr;
  std::vector<std::string> known;
  for (const plugin::SlotInfo& one : stage.type->slots) {
    known.push_back(one.name);
    if (one.name == filler.slot) slot = &one;
  }
  if (slot == nullptr) {
    diagnostics_.add("M0130", filler.spec->name.place, stage.type->id + " has no slot '" + filler.slot + "'",
                     known.empty() ? stage.type->id + " has no slots" : base::suggestion(filler.slot, known));
    drafts_[index(made)].broken = true;
    return;
  }
  stage.slots[filler.slot] = made;
  const Stage& inner = graph_.stages[index(made)];
  if (inner.type != nullptr && inner.type->kind != slot->kind) {
    std::string fitting;
    for (const std::string& one : registry_.types_of_kind(slot->kind)) fitting += (fitting.empty() ? "" : ", ") + one;
    diagnostics_.add(
        "M0131", filler.spec->use.place,
        "slot '" + filler.slot + "' takes a " + slot->kind + ", " + inner.type->id + " is a " + inner.type->kind,
        fitting.empty() ? "" : "types of that kind: " + fitting);
    drafts_[index(made)].broken = true;
  }
}

void Resolver::check_slots(int at) {
  const Stage& stage = graph_.stages[index(at)];
  if (stage.type == nullptr) return;
  for (const plugin::SlotInfo& slot : stage.type->slots) {
    if (!slot.required || stage.slots.contains(slot.name)) continue;
    std::string fitting;
    for (const std::string& one : registry_.types_of_kind(slot.kind)) fitting += (fitting.empty() ? "" : ", ") + one;
    diagnostics_.add("M0132", stage.place, "slot '" + slot.name + "' of " + stage.type->id + " is empty",
                     "fill it with a " + slot.kind + (fitting.empty() ? "" : ": " + fitting));
    drafts_[index(at)].broken = true;
  }
}

void Resolver::reorder(const std::vector<int>& order) {
  old_to_new_.assign(graph_.stages.size(), -1);
  for (std::size_t i = 0; i < order.size(); ++i) old_to_new_[index(order[i])] = static_cast<int>(i);
  if (order.size() != graph_.stages.size()) return;  // a circle: nothing is run
  std::vector<Stage> sorted;
  for (int old : order) sorted.push_back(std::move(graph_.stages[index(old)]));
  for (Stage& stage : sorted) {
    for (auto& source : stage.inputs) {
      if (source && source->stage >= 0) source->stage = old_to_new_[index(source->stage)];
    }
    for (auto& [name, filler] : stage.slots) filler = old_to_new_[index(filler)];
    if (stage.owner >= 0) stage.owner = old_to_new_[index(stage.owner)];
  }
  graph_.stages = std::move(sorted);
  for (auto& [name, at] : by_name_) at = old_to_new_[index(at)];
}

bool Graph::is_list(Dim dim) const {
  const Dim wanted = symbols.resolve(dim);
  return std::any_of(list_dims.begin(), list_dims.end(), [&](Dim one) { return symbols.resolve(one) == wanted; });
}

std::string text(const EdgeType& type, const Symbols& symbols) {
  std::string out = type.kind == Kind::tensor && type.dtype != tensor::DType::none
                        ? std::string(tensor::name(type.dtype)) + symbols.text(type.dims)
                        : std::string(name(type.kind));
  return type.list ? out + "[]" : out;
}

namespace {

// A parameter of the pipeline without a value that would do stands for nothing from then on: what stages, weights and
// shapes make of that is not the author's mistake.
Diagnostics without_echoes(const Diagnostics& all) {
  const auto about_value = [](const Diagnostic& d) {
    return d.code == "M0018" || (d.code >= "M0020" && d.code <= "M0026");
  };
  const auto about_meaning = [](const Diagnostic& d) {
    return (d.code >= "M0122" && d.code <= "M0125") || d.code == "M0104" || d.code == "M0140" || d.code >= "M0206";
  };
  const bool unknown_values = std::any_of(all.list().begin(), all.list().end(), about_value);
  Diagnostics out;
  for (const Diagnostic& d : all.list()) {
    if (!unknown_values || !about_meaning(d)) out.add(d);
  }
  return out;
}

}  // namespace

Graph resolve(const std::filesystem::path& pipeline, const spec::GivenParams& given, const plugin::Registry& registry,
              const ResolveOptions& options) {
  Diagnostics diagnostics;
  std::optional<Flat> flat = flatten(pipeline, given, diagnostics);
  if (!flat) throw base::DiagnosticsError(without_echoes(diagnostics));
  Graph graph = Resolver(std::move(*flat), registry, options, diagnostics).run();
  if (!diagnostics.empty()) {
    diagnostics = without_echoes(diagnostics);
    diagnostics.sort();
    throw base::DiagnosticsError(std::move(diagnostics));
  }
  return graph;
}

}  // namespace motet::graph
