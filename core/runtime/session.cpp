#include "runtime/session.hpp"

#include <algorithm>

#include "lower/islands.hpp"
#include "runtime/generator.hpp"
#include "runtime/item_runner.hpp"
#include "runtime/resources.hpp"

namespace motet::runtime {
namespace {

using graph::Source;

std::size_t index(int i) { return static_cast<std::size_t>(i); }

// The values that one item has by now: what came in, and what its stages gave.
struct Values {
  std::vector<value::Ref> inputs;                // by input
  std::vector<std::vector<value::Ref>> outputs;  // by stage and port
  std::optional<base::Error> error;
  const std::atomic<bool>* cancelled = nullptr;
  std::size_t number = 0;  // among all items of the run

  const value::Ref& at(const Source& source) const {
    return source.stage < 0 ? inputs[index(source.port)] : outputs[index(source.stage)][index(source.port)];
  }
};

// What a unit gave that is computed once a session.
struct Once {
  std::vector<value::Ref> inputs;                // of the item it was computed for
  std::vector<std::vector<value::Ref>> outputs;  // by stage and port; empty: not computed yet
};

bool same_value(const value::Ref& a, const value::Ref& b) {
  if (a.get() == b.get()) return true;
  if (!a || !b || a->kind() != b->kind()) return false;
  if (a->kind() == value::Kind::text) return a->text() == b->text();
  if (a->kind() != value::Kind::list) return false;
  return std::equal(a->list().begin(), a->list().end(), b->list().begin(), b->list().end(), same_value);
}

// An item's own failure stays with the item; what concerns the whole run goes on up.
bool belongs_to_item(const base::Error& error) {
  return error.kind() == base::ErrorKind::item || error.kind() == base::ErrorKind::user ||
         error.kind() == base::ErrorKind::plugin;
}

}  // namespace

class Session::Work {
 public:
  Work(const graph::Graph& graph, device::Device& device, const SessionOptions& options)
      : graph_(graph),
        options_(options),
        schedule_(lower::schedule(graph)),
        resources_(device, options.observer),
        once_(schedule_.units.size()) {
    for (const lower::Island& island : schedule_.islands) {
      if (island.generator >= 0) {
        generators_.push_back(std::make_unique<Generator>(graph, island, resources_, options.most_rows));
        runners_.push_back(nullptr);
      } else {
        generators_.push_back(nullptr);
        runners_.push_back(std::make_unique<ItemRunner>(graph, island, resources_));
      }
    }
  }

  std::vector<ItemResult> run(const std::vector<Item>& items, const RunOptions& options) {
    std::vector<ItemResult> out;
    for (std::size_t begin = 0; begin < items.size(); begin += options_.most_items) {
      const std::size_t end = std::min(items.size(), begin + options_.most_items);
      wave(items, begin, end, options, out);
      if (options.on_progress) options.on_progress(end, items.size());
    }
    return out;
  }

  Timings timings;
  Resources& resources() { return resources_; }

 private:
  void wave(const std::vector<Item>& items, std::size_t begin, std::size_t end, const RunOptions& options,
            std::vector<ItemResult>& out) {
    std::vector<Values> all;
    for (std::size_t i = begin; i < end; ++i) all.push_back(start(items[i], i));
    for (std::size_t u = 0; u < schedule_.units.size(); ++u) {
      if (options.cancelled != nullptr && options.cancelled->load())
        base::fail(base::ErrorKind::cancelled, "cancelled");
      run_unit(u, all, options);
    }
    for (Values& values : all) {
      ItemResult result;
      result.error = values.error;
      if (!values.error) {
        for (const graph::Output& output : graph_.outputs) result.outputs.push_back(values.at(output.source));
      }
      out.push_back(std::move(result));
    }
  }

  Values start(const Item& item, std::size_t number) const {
    Values values;
    values.number = number;
    values.cancelled = item.cancelled;
    values.outputs.resize(graph_.stages.size());
    for (std::size_t s = 0; s < graph_.stages.size(); ++s)
      values.outputs[s].resize(graph_.stages[s].output_types.size());
    for (const graph::Input& input : graph_.inputs) {
      const auto found = item.inputs.find(input.name);
      if (found == item.inputs.end()) {
        values.error = base::Error(base::ErrorKind::item, "input '" + input.name + "' is missing");
        values.inputs.emplace_back();
      } else {
        values.inputs.push_back(found->second);
      }
    }
    return values;
  }

  void run_unit(std::size_t u, std::vector<Values>& all, const RunOptions& options) {
    const lower::Unit& unit = schedule_.units[u];
    const bool once =
        unit.stage >= 0 ? graph_.stages[index(unit.stage)].once : schedule_.islands[index(unit.island)].once;
    std::vector<Values*> items;
    for (Values& values : all) {
      if (!values.error) items.push_back(&values);
    }
    if (items.empty()) return;
    if (!once) return run_items(unit, items, options);
    for (Values* values : items) run_once(unit, once_[u], *values, options);
  }

  // Computed for the first item, and again only for one whose own `once` inputs are others.
  void run_once(const lower::Unit& unit, Once& once, Values& values, const RunOptions& options) {
    bool same = !once.outputs.empty();
    for (std::size_t i = 0; same && i < graph_.inputs.size(); ++i) {
      same = !graph_.inputs[i].once || same_value(once.inputs[i], values.inputs[i]);
    }
    if (!same) {
      std::vector<Values*> one{&values};
      run_items(unit, one, options);
      if (values.error) return;
      once.inputs = values.inputs;
      once.outputs = values.outputs;
      return;
    }
    for (std::size_t s = 0; s < graph_.stages.size(); ++s) {
      if (belongs(unit, static_cast<int>(s))) values.outputs[s] = once.outputs[s];
    }
  }

  bool belongs(const lower::Unit& unit, int stage) const {
    if (unit.stage >= 0) return unit.stage == stage;
    const lower::Island& island = schedule_.islands[index(unit.island)];
    return stage == island.generator ||
           std::find(island.stages.begin(), island.stages.end(), stage) != island.stages.end();
  }

  void run_items(const lower::Unit& unit, std::vector<Values*>& items, const RunOptions& options) {
    if (unit.stage >= 0) {
      for (Values* values : items) guarded(*values, [&] { run_host(unit.stage, *values, options); });
    } else if (generators_[index(unit.island)]) {
      run_generator(unit.island, items, options);
    } else {
      run_island(unit.island, items);
    }
  }

  template <class Body>
  void guarded(Values& values, Body&& body) {
    try {
      body();
    } catch (const base::Error& error) {
      if (!belongs_to_item(error)) throw;
      values.error = error;
    }
  }

  host::CallOptions call_options(const Values* values, const RunOptions& options) const {
    host::CallOptions out;
    out.cancelled = values != nullptr && values->cancelled != nullptr ? values->cancelled : options.cancelled;
    return out;
  }

  void observe(const std::string& stage, const Stopwatch& watch) {
    if (resources_.observer() != nullptr) resources_.observer()->worked(stage, {watch.begin_ns(), Stopwatch::now_ns()});
  }

  void run_host(int at, Values& values, const RunOptions& options) {
    const graph::Stage& stage = graph_.stages[index(at)];
    const Stopwatch watch;
    std::vector<value::Ref> in;
    for (const auto& source : stage.inputs) in.push_back(source ? values.at(*source) : value::Ref());
    values.outputs[index(at)] =
        stage.maps ? process_each(stage, in, values, options) : process(stage, in, values, options);
    StageTime& time = timings.stages[stage.name];
    ++time.calls;
    time.total_ms += watch.ms();
    observe(stage.name, watch);
  }

  std::vector<value::Ref> process(const graph::Stage& stage, const std::vector<value::Ref>& in, const Values& values,
                                  const RunOptions& options) const {
    std::vector<const value::Value*> pointers;
    for (const value::Ref& one : in) pointers.push_back(one.get());
    std::vector<value::Ref> out(stage.type->outputs.size());
    stage.instance->process(pointers, out, call_options(&values, options));
    return out;
  }

  // A stage for elements and a list: one call for each element, lists come out.
  std::vector<value::Ref> process_each(const graph::Stage& stage, const std::vector<value::Ref>& in,
                                       const Values& values, const RunOptions& options) const {
    std::size_t size = 0;
    for (std::size_t i = 0; i < in.size(); ++i) {
      if (in[i] && stage.input_types[i].list) size = std::max(size, in[i]->list().size());
    }
    std::vector<value::List> lists(stage.type->outputs.size());
    for (std::size_t k = 0; k < size; ++k) {
      std::vector<value::Ref> element;
      for (std::size_t i = 0; i < in.size(); ++i) {
        const bool list = in[i] && stage.input_types[i].list;
        if (list && in[i]->list().size() != size)
          base::fail(base::ErrorKind::item, "stage '" + stage.name + "': its lists have different lengths");
        element.push_back(list ? in[i]->list()[k] : in[i]);
      }
      std::vector<value::Ref> out = process(stage, element, values, options);
      for (std::size_t o = 0; o < out.size(); ++o) lists[o].push_back(std::move(out[o]));
    }
    std::vector<value::Ref> out;
    for (value::List& list : lists) out.push_back(value::make_list(std::move(list)));
    return out;
  }

  IslandInputs island_inputs(const lower::Island& island, const Values& values) const {
    IslandInputs out;
    for (const lower::Border& border : island.inputs) out.push_back(values.at(border.source));
    return out;
  }

  void put_results(const lower::Island& island, Values& values, std::vector<value::Ref>& results) const {
    for (std::size_t r = 0; r < results.size(); ++r) {
      values.outputs[index(island.outputs[r].stage)][index(island.outputs[r].port)] = std::move(results[r]);
    }
  }

  // Items of equal (bucketed) sizes share a batch.
  void run_island(int number, std::vector<Values*>& items) {
    const lower::Island& island = schedule_.islands[index(number)];
    ItemRunner& runner = *runners_[index(number)];
    std::vector<IslandInputs> inputs(items.size());
    std::vector<std::pair<std::string, std::vector<std::size_t>>> batches;
    for (std::size_t i = 0; i < items.size(); ++i) {
      guarded(*items[i], [&] {
        inputs[i] = island_inputs(island, *items[i]);
        const std::string key = island.has_lists ? std::to_string(i) : runner.batch_key(inputs[i]);
        const auto found =
            std::find_if(batches.begin(), batches.end(), [&](const auto& batch) { return batch.first == key; });
        if (found == batches.end()) {
          batches.push_back({key, {i}});
        } else {
          found->second.push_back(i);
        }
      });
    }
    for (const auto& [key, members] : batches) {
      const Stopwatch watch;
      std::vector<const IslandInputs*> batch;
      for (std::size_t i : members) batch.push_back(&inputs[i]);
      try {
        std::vector<std::vector<value::Ref>> results = runner.run(batch);
        for (std::size_t k = 0; k < members.size(); ++k) put_results(island, *items[members[k]], results[k]);
      } catch (const base::Error& error) {
        if (!belongs_to_item(error)) throw;
        for (std::size_t i : members) items[i]->error = error;
      }
      StageTime& time = timings.stages[island.name];
      ++time.calls;
      time.total_ms += watch.ms();
      observe(island.name, watch);
    }
  }

  void run_generator(int number, std::vector<Values*>& items, const RunOptions& options) {
    const lower::Island& island = schedule_.islands[index(number)];
    const graph::Stage& stage = graph_.stages[index(island.generator)];
    const Stopwatch watch;
    std::vector<Request> requests;
    for (Values* values : items) {
      Request request;
      request.inputs = island_inputs(island, *values);
      request.cancelled = values->cancelled;
      for (std::size_t port = 0; port < stage.inputs.size(); ++port) {
        if (stage.inputs[port] && stage.input_types[port].kind == graph::Kind::tokens) {
          request.prompt = values->at(*stage.inputs[port])->tokens().ids;
        }
      }
      request.on_text = text_sink(island.generator, values->number, options);
      requests.push_back(std::move(request));
    }
    std::vector<Generated> made = generators_[index(number)]->run(requests, call_options(nullptr, options), timings);
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (made[i].error) {
        items[i]->error = made[i].error;
        continue;
      }
      put_results(island, *items[i], made[i].results);
      std::vector<value::Ref>& outputs = items[i]->outputs[index(island.generator)];
      for (std::size_t port = 0; port < outputs.size(); ++port) {
        if (stage.output_types[port].kind == graph::Kind::tokens) {
          value::Tokens tokens;
          tokens.ids = made[i].ids;
          outputs[port] = value::make_tokens(std::move(tokens));
        } else if (stage.output_types[port].kind == graph::Kind::text) {
          outputs[port] = value::make_text(made[i].text);
        }
      }
    }
    StageTime& time = timings.stages[stage.name];
    time.calls += items.size();
    time.total_ms += watch.ms();
    observe(stage.name, watch);
  }

  std::function<void(std::string_view)> text_sink(int stage, std::size_t item, const RunOptions& options) const {
    if (!options.on_text) return {};
    for (std::size_t o = 0; o < graph_.outputs.size(); ++o) {
      const Source& source = graph_.outputs[o].source;
      if (source.stage != stage ||
          graph_.stages[index(stage)].output_types[index(source.port)].kind != graph::Kind::text)
        continue;
      return [&options, item, o](std::string_view piece) { options.on_text(item, o, piece); };
    }
    return {};
  }

  const graph::Graph& graph_;
  SessionOptions options_;
  lower::Schedule schedule_;
  Resources resources_;
  std::vector<std::unique_ptr<ItemRunner>> runners_;
  std::vector<std::unique_ptr<Generator>> generators_;
  std::vector<Once> once_;  // by unit
};

Session::Session(const graph::Graph& graph, device::Device& device, const SessionOptions& options)
    : work_(std::make_unique<Work>(graph, device, options)) {}
Session::~Session() = default;

std::vector<ItemResult> Session::run(const std::vector<Item>& items, const RunOptions& options) {
  return work_->run(items, options);
}
const Timings& Session::timings() const { return work_->timings; }
std::uint64_t Session::plannings() const { return work_->resources().plannings(); }

}  // namespace motet::runtime
