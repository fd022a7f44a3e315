// How a graph is resolved: stages are declared, wired and brought up. For this room's own sources only.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/connect.hpp"
#include "graph/flatten.hpp"
#include "graph/graph.hpp"
#include "graph/weights.hpp"

namespace motet::graph {

// One pipeline, once. What is wrong with it goes to the diagnostics, and what follows from a mistake is not said again.
class Resolver {
 public:
  Resolver(Flat flat, const plugin::Registry& registry, const ResolveOptions& options, base::Diagnostics& diagnostics)
      : flat_(std::move(flat)), registry_(registry), options_(options), diagnostics_(diagnostics) {}

  Graph run();

 private:
  struct Draft {  // what resolving knows of a stage beside the Stage itself
    const FlatStage* flat = nullptr;
    bool broken = false;  // said already: do not complain about what follows from it
    std::unique_ptr<StageHooks> hooks;
    std::vector<std::vector<PortType>> in_types, out_types;
    Letters letters;
    std::optional<std::uint32_t> member;  // made in the process of an isolated stage
  };

  // resolve.cpp: inputs, weights and stages as they are written.
  void declare_inputs();
  std::uint32_t fresh_list(const std::string& name);
  void open_weights();
  int declare(const FlatStage& flat, int owner);
  void find_type(int at);
  void check_isolation(int at);
  void fill(int owner, const FlatStage& filler, int made);
  void check_slots(int at);
  // After this the stages' numbers, and those of by_name_, are the final ones.
  void reorder(const std::vector<int>& order);

  // wire.cpp: which output each input takes, and the order that follows.
  void connect_all();
  void connect(int at);
  // The input port that is meant; nothing where that cannot be said.
  std::optional<std::size_t> port_of(int at, const FlatInput& input);
  std::optional<Source> source_of(const End& end);
  // Each stage after its sources, its fillers' sources too; fillers right behind their owner.
  std::vector<int> sort();
  std::vector<int> sources(int at) const;
  // Tensors lie where isolated stages see them that come after.
  void share_memory();
  void push_with_fillers(int at, std::vector<int>& order) const;
  void report_cycle(const std::vector<int>& way, int at);
  void connect_outputs();

  // bring_up.cpp: stages made and negotiated, types matched across edges.
  // Creates and negotiates; sources come first in the order, so their output types are known.
  void bring_up(int at);
  void create(int at);
  // operations.cpp: those of the stage's plugin, from now on known to all stages.
  void adopt_operations(int at);
  void make(int at, const std::vector<host::ParamValue>& params);
  // Of the stage, or of the one in whose slots it is; nullptr where it runs here.
  isolation::IsolatedStage* isolated(int at) const;
  // Tokenizers and samplers before their owner, which may use them; fillers that build after it, since it makes offers.
  void negotiate_tree(int at);
  // Fillers are created before their owner has hooks, which they share.
  void relink_hooks(int at);
  void negotiate(int at);
  EdgeType output_type(int at, std::size_t i);
  tensor::SymbolicShape resolved(tensor::SymbolicShape dims) const;
  // True where every connected input fits its port.
  bool match_inputs(int at);
  bool match_input(int at, std::size_t i, const Source& source);
  // The place of a parameter, port, slot or weight that a plugin blames.
  base::Place blamed(int at, std::string_view path) const;
  // What there is to know of it, where the plugin says no more than that it refuses.
  std::string refusal_help(int at, std::string_view path) const;

  // misfit.cpp: what is said where a value does not fit a port.
  std::string edge_name(int at, std::size_t i, const Source& source) const;  // "left.y -> match.a"
  std::string taken(int at, std::size_t i) const;                            // "tokens or f32[B, S]"
  // `given`: the type as it leaves its source.
  base::Diagnostic& add_misfit(int at, std::size_t i, const Source& source, bool shapes, const std::string& given);
  // `seen`: the type as the stage sees it, nullptr where it cannot.
  void report_misfit(int at, std::size_t i, const Source& source, const EdgeType* seen, const Misfit& misfit);
  // Kinds alone, which are known of a stage that failed too.
  void check_declared_kind(int at, std::size_t i, const Source& source);
  // Where a size was decided: an input of the pipeline, or a stage that made it up itself.
  struct Origin {
    std::string name;
    base::Place place;
    bool is_input = false;
  };
  // Follows a dimension of what `source` gives through the stages that only pass it on, a note for each.
  Origin trace(Source source, std::size_t from_end, std::vector<base::Note>& notes) const;
  std::optional<std::size_t> input_with(int at, const std::string& letter) const;
  void explain_sizes(int at, const Source& source, const Misfit& misfit, base::Diagnostic& d);
  std::string rank_help(int at, const Source& source, const EdgeType& seen, int rank) const;
  std::string same_kind_help(int at, std::size_t i, const Source& source) const;
  // Stage types with one input that make the one of the other.
  std::vector<std::string> makers(Kind from, Kind to) const;
  std::string kind_help(Kind from, int at, std::size_t i) const;

  template <class Body>
  void guarded(int at, Body&& body) {
    Stage& stage = graph_.stages[index(at)];
    const std::size_t before = diagnostics_.size();
    const std::string called = "stage '" + stage.name + "' (" + stage.type->id + ")";
    try {
      body();
    } catch (const host::StageError& error) {
      if (is_no_mistake(error)) throw;
      const bool refused = error.obligation() == 0;
      diagnostics_
          .add(refused ? "M0140" : "M0401", blamed(at, error.path()), error.message(),
               !error.help().empty() ? error.help()
               : refused             ? refusal_help(at, error.path())
                                     : "the mistake is the plugin's: report it to its author")
          .label = (refused ? "refused by " : "") + called;
    } catch (const isolation::ProcessEnded& error) {
      diagnostics_.add("M0402", blamed(at, ""), std::string("its process ") + error.what()).label =
          "isolated stage '" + stage.name + "' (" + stage.type->plugin + ":" + stage.type->id + ")";
    } catch (const base::Error& error) {
      if (is_no_mistake(error)) throw;
      const bool refused = error.kind() != base::ErrorKind::plugin;
      diagnostics_.add(refused ? "M0140" : "M0400", blamed(at, ""), error.what(), error.help()).label =
          (refused ? "refused by " : "") + called;
    }
    if (diagnostics_.size() != before) drafts_[index(at)].broken = true;
  }

  // Of the pipeline's: nobody can mend it there.
  static bool is_no_mistake(const base::Error& error) {
    return error.kind() == base::ErrorKind::cancelled || error.kind() == base::ErrorKind::environment;
  }
  static std::size_t index(int i) { return static_cast<std::size_t>(i); }

  Flat flat_;
  const plugin::Registry& registry_;
  const ResolveOptions& options_;
  std::shared_ptr<isolation::Arena> lent_;  // what isolated stages are given; null where there are none
  base::Diagnostics& diagnostics_;
  Graph graph_;
  std::vector<Draft> drafts_;
  std::map<std::string, int> by_name_;
  std::vector<int> old_to_new_;
};

}  // namespace motet::graph
