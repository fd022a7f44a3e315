// The stage that is tried: its pipeline resolved, instances of it made at will, and what comes in.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "graph/graph.hpp"
#include "graph/weights.hpp"
#include "runtime/session.hpp"
#include "verify/random.hpp"
#include "verify/request.hpp"

namespace motet::verify {

// Reads inputs as the command line has them, NAME=VALUE, for a graph: the command knows how, this room need not.
using ReadItem = std::function<runtime::Item(const std::vector<std::string>& in, const graph::Graph& graph)>;

struct Making {
  const motet_host* table = nullptr;       // what the plugin gets as its host; nullptr: the plain one
  host::CallObserver* observer = nullptr;  // beside the subject's own
  const std::vector<host::ParamValue>* parameters = nullptr;  // instead of the setup's
  const motet_stage_type* type = nullptr;                     // called instead of the plugin's; outlives the instance
  bool alone = false;                                         // no weights, nothing in its slots, nothing offered
};

struct Running {
  runtime::Observer* observer = nullptr;
  float padding = 0;  // as runtime::SessionOptions::padding
  int most_rows = runtime::SessionOptions().most_rows;
  const std::vector<runtime::Item>* before = nullptr;  // run by the same session first; nothing is told of them
};

// An instance like the one in the pipeline. Lives no longer than its Subject.
class Made {
 public:
  host::Instance& operator*() const { return *instance_; }
  host::Instance* operator->() const { return instance_.get(); }
  // What the host found wrong with what the plugin asked of it (a weight that is not there).
  const base::Diagnostics& complaints() const { return *complaints_; }

 private:
  friend class Subject;
  std::unique_ptr<base::Diagnostics> complaints_;
  std::unique_ptr<graph::StageHooks> owner_hooks_;  // of a filler: its owner's, which made the offers
  std::unique_ptr<graph::StageHooks> hooks_;
  std::unique_ptr<host::Instance> instance_;
};

class Subject {
 public:
  // Throws DiagnosticsError and Error as graph::resolve does.
  Subject(const Request& request, const plugin::Registry& registry, host::CallObserver& observer, ReadItem read);

  const plugin::StageTypeInfo& type() const { return *stage().type; }
  graph::Graph& graph() { return graph_; }
  const graph::Graph& graph() const { return graph_; }
  int at() const { return at_; }  // the stage's number in the graph
  graph::Stage& stage() { return graph_.stages[static_cast<std::size_t>(at_)]; }
  const graph::Stage& stage() const { return graph_.stages[static_cast<std::size_t>(at_)]; }
  // The plugin's own tables.
  const plugin::LoadedType& loaded() const { return loaded_; }

  // create() without negotiate; its slots are filled. Throws host::StageError.
  Made create(const Making& making = {});
  // negotiate() with what the pipeline connects. Throws host::StageError; returns the outputs' specs.
  std::vector<host::TensorSpec> negotiate(Made& made) { return negotiate(made, inputs_of_negotiation()); }
  // The same with other inputs.
  std::vector<host::TensorSpec> negotiate(Made& made, const std::vector<host::TensorSpec>& inputs);
  Made make(const Making& making = {});  // both
  std::vector<host::TensorSpec> inputs_of_negotiation() const;

  // What comes in, one list a call of process(): by input port, from the pipeline's tests or its defaults through the
  // stages before this one, else random. At least one. Throws Error where the stages before it fail.
  const std::vector<std::vector<value::Ref>>& items();
  // The same for the whole pipeline.
  std::vector<runtime::Item> pipeline_items();

  // One of random values for all inputs, texts and open sizes of at most that size.
  runtime::Item random_pipeline_item(std::int64_t most);
  // The same, unlike those that are there, as far as there are others.
  runtime::Item another_item(const std::vector<runtime::Item>& there, std::int64_t most);
  // One whose open sizes are all `size`; nothing where no input of the pipeline has any.
  std::optional<runtime::Item> item_of_size(std::int64_t size) { return item_of_sizes(size, 0); }
  // The same with another size for each that is independent of the others: `first`, and then each time `apart` more.
  // Nothing where there are less than two, unless `apart` is 0.
  std::optional<runtime::Item> item_of_sizes(std::int64_t first, std::int64_t apart);

  // One call of process(), the outputs.
  static std::vector<value::Ref> process(const host::Instance& instance, const std::vector<value::Ref>& inputs,
                                         const host::CallOptions& options = {});
  // The pipeline's outputs for each item on the device ("cpu", "vulkan"), with `instance` in the subject's place
  // (nullptr: its own).
  std::vector<runtime::ItemResult> run(const std::vector<runtime::Item>& items, const std::string& device,
                                       Made* instance = nullptr, const Running& running = {});

 private:
  std::vector<std::vector<value::Ref>> through_earlier_stages(const std::vector<runtime::Item>& given);
  std::vector<std::vector<value::Ref>> random_items();
  // By input port, of what its sources gave.
  std::vector<value::Ref> inputs_from(const std::vector<value::Ref>& outputs) const;

  const plugin::Registry& registry_;
  host::CallObserver& observer_;
  ReadItem read_;
  Setup setup_;
  std::vector<std::string> set_;
  Random random_;
  graph::Graph graph_;
  int at_ = -1;
  plugin::LoadedType loaded_;
  std::vector<std::vector<value::Ref>> items_;
};

}  // namespace motet::verify
