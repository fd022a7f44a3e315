// Which output each input takes, and the order of the stages that follows from it.
#include <algorithm>
#include <functional>

#include "base/nearest.hpp"
#include "graph/resolver.hpp"

namespace motet::graph {

using base::Diagnostic;

namespace {

std::string end_text(const End& end) {
  if (end.is_input) return "inputs." + end.name;
  return end.port.empty() ? end.name : end.name + "." + end.port;
}

}  // namespace

void Resolver::connect_all() {
  for (std::size_t at = 0; at < graph_.stages.size(); ++at) {
    if (graph_.stages[at].type != nullptr) connect(static_cast<int>(at));
  }
}

std::optional<std::size_t> Resolver::port_of(int at, const FlatInput& input) {
  const plugin::StageTypeInfo& type = *graph_.stages[index(at)].type;
  std::vector<std::string> known;
  std::string all;
  for (const plugin::PortInfo& port : type.inputs) {
    if (port.has(MOTET_PORT_FROM_CALLER)) continue;
    known.push_back(port.name);
    all += (all.empty() ? "" : ", ") + port.name + ": ...";
  }
  const std::string name = input.port.empty() && known.size() == 1 ? known.front() : input.port;
  if (name.empty() && !known.empty()) {
    diagnostics_.add("M0133", input.place, type.id + " has several inputs: say which", "write in: {" + all + "}");
    return std::nullopt;
  }
  if (std::find(known.begin(), known.end(), name) == known.end()) {
    diagnostics_.add("M0134", input.place, type.id + " has no input" + (name.empty() ? "s" : " '" + name + "'"),
                     known.empty() ? "leave 'in' out" : base::suggestion(name, known));
    return std::nullopt;
  }
  if (input.ends.size() > 1) {
    diagnostics_.add("M0107", input.place,
                     "input '" + name + "' takes one value, " + std::to_string(input.ends.size()) + " are given",
                     "write one: " + name + ": " + end_text(input.ends.front()));
    return std::nullopt;
  }
  for (std::size_t i = 0; i < type.inputs.size(); ++i) {
    if (type.inputs[i].name == name) return i;
  }
  return std::nullopt;
}

void Resolver::connect(int at) {
  Stage& stage = graph_.stages[index(at)];
  const auto& ports = stage.type->inputs;
  for (const FlatInput& input : drafts_[index(at)].flat->inputs) {
    const std::optional<std::size_t> port = port_of(at, input);
    if (port && !input.ends.empty()) stage.inputs[*port] = source_of(input.ends.front());
    if (!port || !stage.inputs[*port]) drafts_[index(at)].broken = true;
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

std::optional<Source> Resolver::source_of(const End& end) {
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
    const bool fills = !stage.type->is_host() && !stage.type->is_tensor() && !stage.type->is_generator();
    diagnostics_.add("M0136", end.place, stage.name + " (" + stage.type->id + ") has no outputs",
                     fills ? "it works in a slot of another stage: write it under that stage's 'slots'"
                           : "name a stage that has some");
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

std::vector<int> Resolver::sort() {
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

std::vector<int> Resolver::sources(int at) const {
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

void Resolver::share_memory() {
  if (!lent_) return;
  for (auto stage = graph_.stages.rbegin(); stage != graph_.stages.rend(); ++stage) {
    const Stage& user = stage->owner >= 0 ? graph_.stages[index(stage->owner)] : *stage;
    if (!user.isolated && !user.memory) continue;
    for (const auto& source : stage->inputs) {
      if (!source) continue;
      (source->stage < 0 ? graph_.inputs[index(source->port)].memory : graph_.stages[index(source->stage)].memory) =
          lent_;
    }
  }
}

void Resolver::push_with_fillers(int at, std::vector<int>& order) const {
  order.push_back(at);
  for (const auto& [name, filler] : graph_.stages[index(at)].slots) push_with_fillers(filler, order);
}

void Resolver::report_cycle(const std::vector<int>& way, int at) {
  const auto begin = std::find(way.begin(), way.end(), at);
  std::string round;
  for (auto it = begin; it != way.end(); ++it) round += graph_.stages[index(*it)].name + " <- ";
  Diagnostic& d = diagnostics_.add("M0137", graph_.stages[index(at)].place,
                                   "stages wait for each other in a circle: " + round + graph_.stages[index(at)].name);
  d.help = "take one of these edges out";
  for (auto it = begin; it != way.end(); ++it) drafts_[index(*it)].broken = true;
}

void Resolver::connect_outputs() {
  for (const FlatOutput& output : flat_.outputs) {
    if (std::optional<Source> source = source_of(output.end)) graph_.outputs.push_back({output.name, *source});
  }
}

}  // namespace motet::graph
