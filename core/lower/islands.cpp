#include "lower/islands.hpp"

#include <algorithm>
#include <numeric>
#include <set>

#include <motet/abi.h>

#include "graph/connect.hpp"

namespace motet::lower {
namespace {

using graph::Graph;
using graph::Source;
using graph::Stage;
using graph::Way;

std::size_t index(int i) { return static_cast<std::size_t>(i); }

class Scheduler {
 public:
  explicit Scheduler(const Graph& graph) : graph_(graph), group_(graph.stages.size()), depth_(graph.stages.size(), 0) {
    std::iota(group_.begin(), group_.end(), 0);
  }

  Schedule run() {
    find_depths();
    join_neighbours();
    make_islands();
    find_borders();
    order_units();
    link_units();
    return std::move(out_);
  }

 private:
  bool computes(int at) const {
    const Way way = graph_.stages[index(at)].way;
    return way == Way::tensor || way == Way::generator;
  }

  // Sources of a stage and of the fillers in its slots.
  void each_source(int at, const auto& visit) const {
    const Stage& stage = graph_.stages[index(at)];
    for (std::size_t port = 0; port < stage.inputs.size(); ++port) {
      if (stage.inputs[port]) visit(at, port, *stage.inputs[port]);
    }
    for (const auto& [name, filler] : stage.slots) each_source(filler, visit);
  }

  // A value stays inside an island from tensor stage to tensor stage, except a generator's, whose tokens are a stream.
  bool stays(const Source& source) const {
    return source.stage >= 0 && graph_.stages[index(source.stage)].way == Way::tensor;
  }

  // How many times values crossed between host and device on the longest way to a stage: two neighbours of different
  // depth have a host stage between them on some other way, so they cannot run as one program.
  void find_depths() {
    for (int at = 0; at < static_cast<int>(graph_.stages.size()); ++at) {
      if (graph_.stages[index(at)].way == Way::filler) continue;
      each_source(at, [&](int, std::size_t, const Source& source) {
        if (source.stage < 0) return;
        const bool same_rate = graph_.stages[index(at)].once == graph_.stages[index(source.stage)].once;
        const bool crosses = !(computes(at) && stays(source) && same_rate);
        depth_[index(at)] = std::max(depth_[index(at)], depth_[index(source.stage)] + (crosses ? 1 : 0));
      });
    }
  }

  int find(int at) const {
    while (group_[index(at)] != at) at = group_[index(at)];
    return at;
  }

  bool together(int at, const Source& source) const {
    return computes(at) && stays(source) && depth_[index(at)] == depth_[index(source.stage)] &&
           graph_.stages[index(at)].once == graph_.stages[index(source.stage)].once &&
           !joins_generators(at, source.stage);
  }

  // One generator an island: its steps are a loop of their own.
  bool joins_generators(int a, int b) const {
    return has_generator_[index(find(a))] && has_generator_[index(find(b))] && find(a) != find(b);
  }

  void join_neighbours() {
    has_generator_.assign(graph_.stages.size(), false);
    for (std::size_t at = 0; at < graph_.stages.size(); ++at)
      has_generator_[at] = graph_.stages[at].way == Way::generator;
    for (int at = 0; at < static_cast<int>(graph_.stages.size()); ++at) {
      if (!computes(at)) continue;
      each_source(at, [&](int, std::size_t, const Source& source) {
        if (!together(at, source)) return;
        const int a = find(at);
        const int b = find(source.stage);
        has_generator_[index(b)] = has_generator_[index(a)] || has_generator_[index(b)];
        group_[index(a)] = b;
      });
    }
  }

  void make_islands() {
    island_of_.assign(graph_.stages.size(), -1);
    std::map<int, int> made;
    for (int at = 0; at < static_cast<int>(graph_.stages.size()); ++at) {
      if (!computes(at)) continue;
      const auto [slot, fresh] = made.try_emplace(find(at), static_cast<int>(out_.islands.size()));
      if (fresh) out_.islands.emplace_back();
      Island& island = out_.islands[index(slot->second)];
      const Stage& stage = graph_.stages[index(at)];
      island.name += (island.name.empty() ? "" : "+") + stage.name;
      island.once = stage.once;
      island_of_[index(at)] = slot->second;
      if (stage.way == Way::generator) {
        island.generator = at;
      } else {
        island.stages.push_back(at);
      }
    }
  }

  void add_border(Island& island, int at, std::size_t port, const Source& source) {
    const Stage& stage = graph_.stages[index(at)];
    if (stage.way == Way::generator && stage.input_types[port].kind == graph::Kind::tokens) return;  // the prompt
    const graph::EdgeType& type = stage.input_types[port];
    const bool exact = !type.from_tokens && !stage.type->inputs[port].has(MOTET_PORT_RAGGED_PAD);
    for (Border& border : island.inputs) {
      if (border.source.stage == source.stage && border.source.port == source.port) {
        border.exact = border.exact || exact;
        return;
      }
    }
    if (!type.dims.empty() && graph_.is_list(type.dims.front())) island.has_lists = true;
    island.inputs.push_back({source, type, exact, stage.name + "." + stage.type->inputs[port].name});
  }

  void find_borders() {
    const auto want = [&](const Source& source, int by_island) {
      if (source.stage < 0) return;
      const int from = island_of_[index(source.stage)];
      if (from < 0 || from == by_island || graph_.stages[index(source.stage)].way != Way::tensor) return;
      auto& outputs = out_.islands[index(from)].outputs;
      const bool known = std::any_of(outputs.begin(), outputs.end(), [&](const Source& one) {
        return one.stage == source.stage && one.port == source.port;
      });
      if (!known) outputs.push_back(source);
    };
    for (int at = 0; at < static_cast<int>(graph_.stages.size()); ++at) {
      if (graph_.stages[index(at)].way == Way::filler) continue;
      const int here = island_of_[index(at)];
      each_source(at, [&](int user, std::size_t port, const Source& source) {
        want(source, here);
        if (here >= 0 && (source.stage < 0 || island_of_[index(source.stage)] != here)) {
          add_border(out_.islands[index(here)], user, port, source);
        }
      });
    }
    for (const graph::Output& output : graph_.outputs) want(output.source, -1);
  }

  void order_units() {
    std::vector<bool> placed(out_.islands.size(), false);
    // Depth first, then the graph's own order: an island is whole before anything deeper reads it.
    std::vector<int> order;
    for (int at = 0; at < static_cast<int>(graph_.stages.size()); ++at) {
      if (graph_.stages[index(at)].way != Way::filler) order.push_back(at);
    }
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return depth_[index(a)] < depth_[index(b)]; });
    for (int at : order) {
      const int island = island_of_[index(at)];
      if (island < 0) {
        out_.units.push_back({at, -1, {at}, {}});
      } else if (!placed[index(island)]) {
        placed[index(island)] = true;
        std::vector<int> stages = out_.islands[index(island)].stages;
        if (out_.islands[index(island)].generator >= 0) stages.push_back(out_.islands[index(island)].generator);
        out_.units.push_back({-1, island, std::move(stages), {}});
      }
    }
  }

  void link_units() {
    std::vector<int> unit_of(graph_.stages.size(), -1);
    for (int u = 0; u < static_cast<int>(out_.units.size()); ++u) {
      Unit& unit = out_.units[index(u)];
      for (int at : unit.stages) unit_of[index(at)] = u;
      std::set<int> after;
      for (int at : unit.stages) {
        each_source(at, [&](int, std::size_t, const Source& source) {
          if (source.stage >= 0 && unit_of[index(source.stage)] != u) after.insert(unit_of[index(source.stage)]);
        });
      }
      unit.after.assign(after.begin(), after.end());
    }
  }

  const Graph& graph_;
  Schedule out_;
  std::vector<int> group_;
  std::vector<int> depth_;
  std::vector<int> island_of_;
  std::vector<bool> has_generator_;
};

}  // namespace

Schedule schedule(const graph::Graph& graph) { return Scheduler(graph).run(); }

}  // namespace motet::lower
