#include <algorithm>
#include <functional>

#include "base/nearest.hpp"
#include "graph/connect.hpp"
#include "graph/flatten.hpp"
#include "graph/graph.hpp"
#include "graph/params.hpp"
#include "graph/weights.hpp"

namespace motet::graph {
namespace {

using base::Diagnostic;
using base::Diagnostics;

class Resolver {
 public:
  Resolver(Flat flat, const plugin::Registry& registry, host::Checking checking, Diagnostics& diagnostics)
      : flat_(std::move(flat)), registry_(registry), checking_(checking), diagnostics_(diagnostics) {}

  Graph run() {
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
    connect_outputs();
    return std::move(graph_);
  }

 private:
  struct Draft {  // what resolving knows of a stage beside the Stage itself
    const FlatStage* flat = nullptr;
    bool broken = false;  // said already: do not complain about what follows from it
    std::unique_ptr<StageHooks> hooks;
    std::vector<std::vector<PortType>> in_types, out_types;
    Letters letters;
  };

  void declare_inputs() {
    for (const spec::InputSpec& input : flat_.top().inputs) {
      Input made{input.name.text, input.help, {}, input.once};
      if (!parse_value_type(input.type.text, made.type)) {
        diagnostics_.add("M0201", input.type.place, "'" + input.type.text + "' is no type of value",
                         "write text, image, audio, table, tokens, a list as text[], or a tensor as f32[T, D]");
      }
      Letters letters;
      EdgeType type = instantiate(made.type, made.name, letters, graph_.symbols);
      if (type.list) type.list_symbol = fresh_list(made.name);
      graph_.input_types.push_back(std::move(type));
      graph_.inputs.push_back(std::move(made));
    }
  }

  std::uint32_t fresh_list(const std::string& name) {
    graph_.list_dims.push_back(graph_.symbols.fresh(name + "[]"));
    return graph_.list_dims.back().symbol;
  }

  void open_weights() {
    for (const FlatWeights& weights : flat_.weights) {
      WeightsFile made{weights.name, nullptr};
      if (!weights.path.empty()) {
        try {
          made.file = weights::open(weights.path);
        } catch (const base::Error& error) {
          diagnostics_.add("M0300", weights.place, error.what(), error.help());
        }
      }
      graph_.files.push_back(std::move(made));
    }
  }

  int declare(const FlatStage& flat, int owner) {
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

  void find_type(int at) {
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
    for (const plugin::PortInfo& port : stage.type->inputs) draft.in_types.push_back(parse_port_type(port.type));
    for (const plugin::PortInfo& port : stage.type->outputs) draft.out_types.push_back(parse_port_type(port.type));
    stage.inputs.resize(stage.type->inputs.size());
    stage.input_types.resize(stage.type->inputs.size());
  }

  void fill(int owner, const FlatStage& filler, int made) {
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

  void check_slots(int at) {
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

  void connect_all() {
    for (std::size_t at = 0; at < graph_.stages.size(); ++at) {
      if (graph_.stages[at].type != nullptr) connect(static_cast<int>(at));
    }
  }

  void connect(int at) {
    Stage& stage = graph_.stages[index(at)];
    const auto& ports = stage.type->inputs;
    std::vector<std::string> known;
    for (const plugin::PortInfo& port : ports) {
      if (!port.has(MOTET_PORT_FROM_CALLER)) known.push_back(port.name);
    }
    for (const FlatInput& input : drafts_[index(at)].flat->inputs) {
      std::string name = input.port;
      if (name.empty() && known.size() == 1) name = known.front();
      if (name.empty()) {
        diagnostics_.add("M0133", input.place, stage.type->id + " has several inputs: say which",
                         "write in: {" + (known.empty() ? std::string("port") : known.front()) + ": ...}");
        drafts_[index(at)].broken = true;
        continue;
      }
      const auto found = std::find_if(ports.begin(), ports.end(), [&](const auto& port) { return port.name == name; });
      if (found == ports.end() || found->has(MOTET_PORT_FROM_CALLER)) {
        diagnostics_.add("M0134", input.place, stage.type->id + " has no input '" + name + "'",
                         known.empty() ? stage.type->id + " has no inputs" : base::suggestion(name, known));
        drafts_[index(at)].broken = true;
        continue;
      }
      if (input.ends.size() > 1) {
        diagnostics_.add("M0107", input.place,
                         "input '" + name + "' takes one value, " + std::to_string(input.ends.size()) + " are given");
        drafts_[index(at)].broken = true;
        continue;
      }
      const auto port = static_cast<std::size_t>(found - ports.begin());
      if (input.ends.empty()) {
        drafts_[index(at)].broken = true;
        continue;
      }
      stage.inputs[port] = source_of(input.ends.front());
      if (!stage.inputs[port]) drafts_[index(at)].broken = true;
    }
    // A filler that its owner calls through an extension never gets to its ports.
    const bool called = stage.owner >= 0 && !stage.type->is_tensor();
    for (std::size_t i = 0; i < ports.size(); ++i) {
      if (called || stage.inputs[i] || ports[i].has(MOTET_PORT_OPTIONAL | MOTET_PORT_FROM_CALLER) ||
          drafts_[index(at)].broken)
        continue;
      diagnostics_.add("M0135", stage.place,
                       "input '" + ports[i].name + "' of " + stage.name + " (" + stage.type->id + ") is not connected",
                       "write in: {" + ports[i].name + ": STAGE}");
      drafts_[index(at)].broken = true;
    }
  }

  std::optional<Source> source_of(const End& end) {
    if (end.is_input) {
      for (std::size_t i = 0; i < graph_.inputs.size(); ++i) {
        if (graph_.inputs[i].name == end.name) return Source{-1, static_cast<int>(i), end.place};
      }
      return std::nullopt;
    }
    const int at = by_name_.at(end.name);
    const Stage& stage = graph_.stages[index(at)];
    if (stage.type == nullptr) return std::nullopt;
    if (end.port.empty()) {
      if (!stage.type->outputs.empty()) return Source{at, 0, end.place};
      diagnostics_.add("M0136", end.place, stage.name + " (" + stage.type->id + ") has no outputs");
      return std::nullopt;
    }
    std::vector<std::string> known;
    for (std::size_t i = 0; i < stage.type->outputs.size(); ++i) {
      known.push_back(stage.type->outputs[i].name);
      if (known.back() == end.port) return Source{at, static_cast<int>(i), end.place};
    }
    diagnostics_.add("M0103", end.port_place, stage.name + " (" + stage.type->id + ") has no output '" + end.port + "'",
                     base::suggestion(end.port, known));
    return std::nullopt;
  }

  // Each stage after its sources, its fillers' sources too; fillers right behind their owner.
  std::vector<int> sort() {
    std::vector<int> order;
    std::vector<int> mark(graph_.stages.size(), 0);  // 0 new, 1 on the way, 2 done
    std::vector<int> way;
    std::function<void(int)> visit = [&](int at) {
      if (mark[index(at)] == 2) return;
      if (mark[index(at)] == 1) return report_cycle(way, at);
      mark[index(at)] = 1;
      way.push_back(at);
      for (int from : sources(at)) visit(from);
      way.pop_back();
      mark[index(at)] = 2;
      push_with_fillers(at, order);
    };
    for (std::size_t at = 0; at < graph_.stages.size(); ++at) {
      if (graph_.stages[at].owner < 0) visit(static_cast<int>(at));
    }
    return order;
  }

  std::vector<int> sources(int at) const {
    std::vector<int> out;
    const Stage& stage = graph_.stages[index(at)];
    for (const auto& source : stage.inputs) {
      if (source && source->stage >= 0) out.push_back(source->stage);
    }
    for (const auto& [name, filler] : stage.slots) {
      for (int from : sources(filler)) out.push_back(from);
    }
    return out;
  }

  void push_with_fillers(int at, std::vector<int>& order) const {
    order.push_back(at);
    for (const auto& [name, filler] : graph_.stages[index(at)].slots) push_with_fillers(filler, order);
  }

  void report_cycle(const std::vector<int>& way, int at) {
    const auto begin = std::find(way.begin(), way.end(), at);
    std::string round;
    for (auto it = begin; it != way.end(); ++it) round += graph_.stages[index(*it)].name + " <- ";
    Diagnostic& d =
        diagnostics_.add("M0137", graph_.stages[index(at)].place,
                         "stages wait for each other in a circle: " + round + graph_.stages[index(at)].name);
    d.help = "take one of these edges out";
    for (auto it = begin; it != way.end(); ++it) drafts_[index(*it)].broken = true;
  }

  // Creates and negotiates; sources come first in the order, so their output types are known.
  void bring_up(int at) {
    Stage& stage = graph_.stages[index(at)];
    if (stage.owner >= 0) return;  // with its owner
    create(at);
    negotiate_tree(at);
  }

  void create(int at) {
    Stage& stage = graph_.stages[index(at)];
    Draft& draft = drafts_[index(at)];
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
    guarded(at, [&] {
      const host::InstanceSettings settings{stage.name, flat_.top().folder(), checking_};
      host::CallOptions options;
      options.hooks = draft.hooks.get();
      stage.instance = host::Instance::create(registry_.load(*stage.type), settings, params, options);
      for (const auto& [slot, filler] : stage.slots) {
        if (graph_.stages[index(filler)].instance) stage.instance->fill(slot, *graph_.stages[index(filler)].instance);
      }
    });
  }

  // Tokenizers and samplers before their owner, which may use them; fillers that build after it, since it makes offers.
  void negotiate_tree(int at) {
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

  // Fillers are created before their owner has hooks, which they share.
  void relink_hooks(int at) {
    for (const auto& [slot, filler] : graph_.stages[index(at)].slots) {
      Draft& draft = drafts_[index(filler)];
      const base::Place place =
          draft.flat->spec->weights ? draft.flat->spec->weights->from.place : graph_.stages[index(filler)].place;
      draft.hooks = std::make_unique<StageHooks>(graph_, graph_.stages[index(filler)], place,
                                                 drafts_[index(at)].hooks.get(), diagnostics_);
    }
  }

  void negotiate(int at) {
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
    if (!typed || draft.broken || !stage.instance) {
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
      stage.instance->negotiate(inputs, outputs, options);
      for (std::size_t i = 0; i < outputs.size(); ++i) {
        if (stage.output_types[i].kind != Kind::tensor || outputs[i].dtype == tensor::DType::none) continue;
        stage.output_types[i].dtype = outputs[i].dtype;
        stage.output_types[i].dims = outputs[i].shape;
      }
    });
  }

  EdgeType output_type(int at, std::size_t i) {
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

  tensor::SymbolicShape resolved(tensor::SymbolicShape dims) const {
    for (Dim& dim : dims) dim = graph_.symbols.resolve(dim);
    return dims;
  }

  // True where every connected input fits its port.
  bool match_inputs(int at) {
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

  bool match_input(int at, std::size_t i, const Source& source) {
    Stage& stage = graph_.stages[index(at)];
    Draft& draft = drafts_[index(at)];
    const EdgeType& from = graph_.type(source);
    // A generator's prompt and other host values of a tensor stage keep their kind; everything else becomes a tensor.
    const bool prompt = stage.way == Way::generator && from.kind == Kind::tokens;
    std::optional<EdgeType> seen = prompt ? std::optional(from) : seen_by(stage.way, from, graph_);
    if (!seen) {
      report_misfit(at, i, source, {"a tensor stage takes tensors and tokens", -1});
      return false;
    }
    EdgeType value = *seen;
    const bool takes_list =
        std::any_of(draft.in_types[i].begin(), draft.in_types[i].end(), [](const PortType& type) { return type.list; });
    if (stage.way == Way::host && value.list && !takes_list && !stage.type->inputs[i].has(MOTET_PORT_WHOLE_LIST)) {
      stage.maps = true;
      value.list = false;
    }
    const std::optional<Misfit> misfit = match(value, draft.in_types[i], stage.name, draft.letters, graph_.symbols);
    if (misfit) {
      report_misfit(at, i, source, *misfit);
      return false;
    }
    stage.input_types[i] = *seen;
    return true;
  }

  std::string source_name(const Source& source) const {
    if (source.stage < 0) return "inputs." + graph_.inputs[index(source.port)].name;
    const Stage& stage = graph_.stages[index(source.stage)];
    return stage.name + "." + stage.type->outputs[index(source.port)].name;
  }

  void report_misfit(int at, std::size_t i, const Source& source, const Misfit& misfit) {
    const Stage& stage = graph_.stages[index(at)];
    const EdgeType& from = graph_.type(source);
    const std::string ends = source_name(source) + " -> " + stage.name + "." + stage.type->inputs[i].name;
    const bool kinds = misfit.reason.empty() || misfit.dimension < 0;
    Diagnostic& d = diagnostics_.add(kinds ? "M0206" : "M0207", source.place,
                                     (kinds ? "types do not fit on " : "shapes do not fit on ") + ends);
    d.label = text(from, graph_.symbols) + " from " + source_name(source);
    if (source.stage >= 0 && graph_.stages[index(source.stage)].place) {
      d.label += " (line " + std::to_string(graph_.stages[index(source.stage)].place.line) + ")";
    }
    std::string takes;
    for (const PortType& type : drafts_[index(at)].in_types[i])
      takes += (takes.empty() ? "" : " or ") + graph::text(type);
    d.notes.push_back({{}, stage.type->id + " takes " + takes + (misfit.reason.empty() ? "" : ": " + misfit.reason)});
    if (kinds) d.help = suggest_stage(from, at, i);
  }

  // A stage type that would turn what comes into what is wanted, where there is just one or a few.
  std::string suggest_stage(const EdgeType& from, int at, std::size_t input) const {
    std::string found;
    for (const plugin::PluginInfo& plugin : registry_.plugins()) {
      for (const plugin::StageTypeInfo& type : plugin.types) {
        const auto kind_fits = [](const std::vector<plugin::PortInfo>& ports, Kind kind) {
          return std::any_of(ports.begin(), ports.end(), [&](const plugin::PortInfo& port) {
            const auto types = parse_port_type(port.type);
            return std::any_of(types.begin(), types.end(), [&](const PortType& t) { return t.kind == kind; });
          });
        };
        const Kind wanted = drafts_[index(at)].in_types[input].front().kind;
        if (type.inputs.size() == 1 && kind_fits(type.inputs, from.kind) && kind_fits(type.outputs, wanted) &&
            from.kind != wanted) {
          found += (found.empty() ? "" : ", ") + type.id;
        }
      }
    }
    return found.empty() ? "" : "between them could stand: " + found;
  }

  void connect_outputs() {
    for (const FlatOutput& output : flat_.outputs) {
      if (std::optional<Source> source = source_of(output.end)) graph_.outputs.push_back({output.name, *source});
    }
  }

  // After this the stages' numbers, and those of by_name_, are the final ones.
  void reorder(const std::vector<int>& order) {
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

  // The place of a parameter, port, slot or weight that a plugin blames.
  base::Place blamed(int at, std::string_view path) const {
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

  template <class Body>
  void guarded(int at, Body&& body) {
    Stage& stage = graph_.stages[index(at)];
    const std::size_t before = diagnostics_.size();
    try {
      body();
    } catch (const host::StageError& error) {
      diagnostics_.add(error.obligation() != 0 ? "M0401" : "M0140", blamed(at, error.path()),
                       stage.name + " (" + stage.type->id + "): " + error.message(), error.help());
    } catch (const base::Error& error) {
      if (error.kind() == base::ErrorKind::cancelled || error.kind() == base::ErrorKind::environment) throw;
      diagnostics_.add(error.kind() == base::ErrorKind::plugin ? "M0400" : "M0140", blamed(at, ""),
                       stage.name + ": " + error.what(), error.help());
    }
    if (diagnostics_.size() != before) drafts_[index(at)].broken = true;
  }

  static std::size_t index(int i) { return static_cast<std::size_t>(i); }

  Flat flat_;
  const plugin::Registry& registry_;
  host::Checking checking_;
  Diagnostics& diagnostics_;
  Graph graph_;
  std::vector<Draft> drafts_;
  std::map<std::string, int> by_name_;
  std::vector<int> old_to_new_;
};

}  // namespace

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
  const auto about_value = [](const Diagnostic& d) { return d.code >= "M0020" && d.code <= "M0026"; };
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
              host::Checking checking) {
  Diagnostics diagnostics;
  std::optional<Flat> flat = flatten(pipeline, given, diagnostics);
  if (!flat) throw base::DiagnosticsError(without_echoes(diagnostics));
  Graph graph = Resolver(std::move(*flat), registry, checking, diagnostics).run();
  if (!diagnostics.empty()) {
    diagnostics = without_echoes(diagnostics);
    diagnostics.sort();
    throw base::DiagnosticsError(std::move(diagnostics));
  }
  return graph;
}

}  // namespace motet::graph
