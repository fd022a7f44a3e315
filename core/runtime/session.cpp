#include "runtime/session.hpp"

#include <algorithm>
#include <deque>
#include <mutex>

#include "base/parallel.hpp"
#include "lower/islands.hpp"
#include "runtime/flow.hpp"
#include "runtime/generator.hpp"
#include "runtime/host_stage.hpp"
#include "runtime/item_runner.hpp"
#include "runtime/item_values.hpp"
#include "runtime/resources.hpp"

namespace motet::runtime {
namespace {

using graph::Source;

// Threads for host stages that wait (for files, for networks) more than they compute.
constexpr std::size_t kMostWorkers = 8;

std::size_t index(int i) { return static_cast<std::size_t>(i); }

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

struct Phase {
  Flow::Phase where;
  std::vector<std::size_t> units;  // of the schedule, in its order
};

// Each unit as early as what it takes values from allows.
std::vector<Phase> phases_of(const lower::Schedule& schedule) {
  std::vector<Phase> out;
  std::vector<std::size_t> phase_of;  // by unit
  for (const lower::Unit& unit : schedule.units) {
    const Flow::Phase where = unit.stage >= 0 ? Flow::Phase::host : Flow::Phase::device;
    std::size_t phase = 0;
    for (int before : unit.after) phase = std::max(phase, phase_of[index(before)]);
    while (phase < out.size() && out[phase].where != where) ++phase;
    if (phase == out.size()) out.push_back({where, {}});
    out[phase].units.push_back(phase_of.size());
    phase_of.push_back(phase);
  }
  return out;
}

std::vector<Flow::Phase> places(const std::vector<Phase>& phases) {
  std::vector<Flow::Phase> out;
  for (const Phase& phase : phases) out.push_back(phase.where);
  return out;
}

std::size_t processors(int threads) {
  return static_cast<std::size_t>(threads > 0 ? threads : base::available_processors());
}

// One for each stage that may wait while others work, and for each processor.
std::size_t worker_count(int threads, const std::vector<Phase>& phases) {
  if (threads == 1) return 0;
  std::size_t most_stages = 0;
  bool device = false;
  for (const Phase& phase : phases) {
    device = device || phase.where == Flow::Phase::device;
    if (phase.where == Flow::Phase::host) most_stages = std::max(most_stages, phase.units.size());
  }
  if (most_stages == 0) return 0;
  const std::size_t wanted = std::max(std::min(most_stages, kMostWorkers), processors(threads));
  return device ? wanted : wanted - 1;  // where nothing is computed on the device, the calling thread helps
}

}  // namespace

class Session::Work final : private Flow::Work {
 public:
  Work(const graph::Graph& graph, device::Device& device, const SessionOptions& options)
      : graph_(graph),
        schedule_(lower::schedule(graph)),
        phases_(phases_of(schedule_)),
        resources_(device, options.observer, options.padding),
        once_(schedule_.units.size()),
        turns_(schedule_.units.size()),
        ordered_(schedule_.units.size()),
        host_times_(graph.stages.size()),
        flow_(places(phases_), options.most_items, worker_count(options.threads, phases_),
              processors(options.threads)) {
    for (const lower::Island& island : schedule_.islands) {
      const bool generator = island.generator >= 0;
      generators_.push_back(generator ? std::make_unique<Generator>(graph, island, resources_, options.most_rows)
                                      : nullptr);
      runners_.push_back(generator ? nullptr : std::make_unique<ItemRunner>(graph, island, resources_));
    }
    for (std::size_t u = 0; u < schedule_.units.size(); ++u) {
      const int stage = schedule_.units[u].stage;
      ordered_[u] = stage >= 0 && (is_once(u) || !runs_in_parallel(graph, graph.stages[index(stage)]));
    }
  }

  std::vector<ItemResult> run(const std::vector<Item>& items, const RunOptions& options) {
    items_ = &items;
    options_ = &options;
    values_.clear();
    values_.resize(items.size());
    results_.clear();
    if (!options.on_result) results_.resize(items.size());
    for (Turn& turn : turns_) turn.reset();
    try {
      flow_.run(items.size(), *this);
    } catch (...) {
      worked_.clear();
      values_.clear();
      throw;
    }
    finish();
    return std::move(results_);
  }

  Timings timings;
  Resources& resources() { return resources_; }

 private:
  struct Worked {
    int stage;
    Interval interval;
    std::thread::id thread;
  };

  // Takes over what the threads measured.
  void finish() {
    std::vector<std::thread::id> threads{std::this_thread::get_id()};
    for (std::size_t s = 0; s < host_times_.size(); ++s) {
      if (host_times_[s].calls == 0) continue;
      StageTime& time = timings.stages[graph_.stages[s].name];
      time.calls += host_times_[s].calls;
      time.total_ms += host_times_[s].total_ms;
      host_times_[s] = {};
    }
    for (const Worked& one : worked_) {
      const auto found = std::find(threads.begin(), threads.end(), one.thread);
      const auto worker = static_cast<int>(found - threads.begin());
      if (found == threads.end()) threads.push_back(one.thread);
      resources_.observer()->worked(graph_.stages[index(one.stage)].name, one.interval, worker);
    }
    worked_.clear();
    values_.clear();
  }

  // All stages of a unit are computed equally often.
  bool is_once(std::size_t u) const { return graph_.stages[index(schedule_.units[u].stages.front())].once; }

  void start(ItemValues& values, std::size_t number) const {
    const Item& item = (*items_)[number];
    values.number = number;
    values.cancelled = item.cancelled;
    values.outputs.resize(graph_.stages.size());
    for (const graph::Input& input : graph_.inputs) {
      const auto found = item.inputs.find(input.name);
      if (found == item.inputs.end()) {
        values.error = base::Error(base::ErrorKind::item, "input '" + input.name + "' is missing");
        values.inputs.emplace_back();
      } else {
        values.inputs.push_back(found->second);
      }
    }
  }

  void begin(std::size_t phase, std::size_t first, std::size_t end) {
    if (options_->cancelled != nullptr && options_->cancelled->load())
      base::fail(base::ErrorKind::cancelled, "cancelled");
    for (std::size_t i = first; phase == 0 && i < end; ++i) start(values_[i], i);
  }

  void host(std::size_t phase, std::size_t first, std::size_t end) override {
    begin(phase, first, end);
    HostScratch scratch;
    for (std::size_t u : phases_[phase].units) {
      if (ordered_[u] && !turns_[u].take(first)) return;
      run_host_unit(u, first, end, scratch);
      if (ordered_[u]) turns_[u].pass(first, end);
    }
  }

  void run_host_unit(std::size_t u, std::size_t first, std::size_t end, HostScratch& scratch) {
    const int at = schedule_.units[u].stage;
    const bool once = is_once(u);
    const bool observed = resources_.observer() != nullptr;
    const graph::Stage& stage = graph_.stages[index(at)];
    std::vector<Worked> worked;
    StageTime time;
    const Stopwatch watch;
    for (std::size_t i = first; i < end; ++i) {
      ItemValues& values = values_[i];
      if (!alive(values) || (once && has_once(u, values))) continue;
      const std::uint64_t from = observed ? Stopwatch::now_ns() : 0;
      guarded(values, [&] {
        host::CallOptions options = call_options(&values);
        options.allocator = stage.memory.get();
        run_host_stage(stage, values.outputs[index(at)], values, options, scratch);
      });
      ++time.calls;
      if (observed) worked.push_back({at, {from, Stopwatch::now_ns()}, std::this_thread::get_id()});
      if (once) keep_once(u, values);
    }
    if (time.calls == 0) return;
    time.total_ms = watch.ms();
    const std::lock_guard lock(times_mutex_);
    host_times_[index(at)].calls += time.calls;
    host_times_[index(at)].total_ms += time.total_ms;
    worked_.insert(worked_.end(), worked.begin(), worked.end());
  }

  void device(std::size_t phase, std::size_t first, std::size_t end) override {
    begin(phase, first, end);
    for (std::size_t u : phases_[phase].units) {
      std::vector<ItemValues*> items;
      for (std::size_t i = first; i < end; ++i) {
        if (alive(values_[i])) items.push_back(&values_[i]);
      }
      if (items.empty()) return;
      if (!is_once(u)) {
        run_items(schedule_.units[u].island, items);
        continue;
      }
      for (ItemValues* values : items) {
        if (has_once(u, *values)) continue;
        std::vector<ItemValues*> one{values};
        run_items(schedule_.units[u].island, one);
        keep_once(u, *values);
      }
    }
  }

  void done(std::size_t first, std::size_t end) override {
    for (std::size_t i = first; i < end; ++i) {
      if (phases_.empty()) start(values_[i], i);
      ItemResult result;
      result.error = std::move(values_[i].error);
      if (!result.error) {
        for (const graph::Output& output : graph_.outputs) result.outputs.push_back(values_[i].at(output.source));
      }
      values_[i] = {};
      if (options_->on_result) {
        options_->on_result(i, std::move(result));
      } else {
        results_[i] = std::move(result);
      }
    }
  }

  void stop() override {
    for (Turn& turn : turns_) turn.stop();
  }

  // Computed for the first item, and again only for one whose own `once` inputs are others. True: taken from there.
  bool has_once(std::size_t u, ItemValues& values) const {
    const Once& once = once_[u];
    if (once.outputs.empty()) return false;
    for (std::size_t i = 0; i < graph_.inputs.size(); ++i) {
      if (graph_.inputs[i].once && !same_value(once.inputs[i], values.inputs[i])) return false;
    }
    for (int stage : schedule_.units[u].stages) values.outputs[index(stage)] = once.outputs[index(stage)];
    return true;
  }

  void keep_once(std::size_t u, const ItemValues& values) {
    if (values.error) return;
    Once& once = once_[u];  // for the session's life: only what it is told by, and what it gave
    once.inputs.assign(values.inputs.size(), {});
    for (std::size_t i = 0; i < graph_.inputs.size(); ++i) {
      if (graph_.inputs[i].once) once.inputs[i] = values.inputs[i];
    }
    once.outputs.assign(values.outputs.size(), {});
    for (int stage : schedule_.units[u].stages) once.outputs[index(stage)] = values.outputs[index(stage)];
  }

  // Whether more is to be done for the item; one that was cancelled gets that as its error.
  static bool alive(ItemValues& values) {
    if (!values.error && values.given_up()) values.error = base::Error(base::ErrorKind::cancelled, "cancelled");
    return !values.error;
  }

  host::CallOptions call_options(const ItemValues* values) const {
    host::CallOptions out;
    out.cancelled = options_->cancelled;
    if (values != nullptr) out.item_cancelled = values->cancelled;
    return out;
  }

  // [calling thread]
  void observe(const std::string& stage, const Stopwatch& watch) {
    if (resources_.observer() != nullptr)
      resources_.observer()->worked(stage, {watch.begin_ns(), Stopwatch::now_ns()}, 0);
  }

  void run_items(int island, std::vector<ItemValues*>& items) {
    if (generators_[index(island)]) {
      run_generator(island, items);
    } else {
      run_island(island, items);
    }
  }

  IslandInputs island_inputs(const lower::Island& island, const ItemValues& values) const {
    IslandInputs out;
    for (const lower::Border& border : island.inputs) out.push_back(values.at(border.source));
    return out;
  }

  void put_results(const lower::Island& island, ItemValues& values, std::vector<value::Ref>& results) const {
    for (std::size_t r = 0; r < results.size(); ++r) {
      std::vector<value::Ref>& outputs = values.outputs[index(island.outputs[r].stage)];
      outputs.resize(graph_.stages[index(island.outputs[r].stage)].output_types.size());
      outputs[index(island.outputs[r].port)] = std::move(results[r]);
    }
  }

  // Items of equal (bucketed) sizes share a batch.
  void run_island(int number, std::vector<ItemValues*>& items) {
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

  void run_generator(int number, std::vector<ItemValues*>& items) {
    const lower::Island& island = schedule_.islands[index(number)];
    const graph::Stage& stage = graph_.stages[index(island.generator)];
    const Stopwatch watch;
    std::vector<Request> requests;
    for (ItemValues* values : items) {
      Request request;
      request.inputs = island_inputs(island, *values);
      request.cancelled = values->cancelled;
      for (std::size_t port = 0; port < stage.inputs.size(); ++port) {
        if (stage.inputs[port] && stage.input_types[port].kind == graph::Kind::tokens) {
          request.prompt = values->at(*stage.inputs[port])->tokens().ids;
        }
      }
      request.on_text = text_sink(island.generator, values->number);
      requests.push_back(std::move(request));
    }
    std::vector<Generated> made = generators_[index(number)]->run(requests, call_options(nullptr), timings);
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (made[i].error) {
        items[i]->error = made[i].error;
      } else {
        put_results(island, *items[i], made[i].results);
        put_generated(island.generator, *items[i], made[i]);
      }
    }
    StageTime& time = timings.stages[stage.name];
    time.calls += items.size();
    time.total_ms += watch.ms();
    observe(stage.name, watch);
  }

  void put_generated(int at, ItemValues& values, Generated& made) const {
    const graph::Stage& stage = graph_.stages[index(at)];
    std::vector<value::Ref>& outputs = values.outputs[index(at)];
    outputs.resize(stage.output_types.size());
    for (std::size_t port = 0; port < outputs.size(); ++port) {
      if (stage.output_types[port].kind == graph::Kind::tokens) {
        value::Tokens tokens;
        tokens.ids = made.ids;
        outputs[port] = value::make_tokens(std::move(tokens));
      } else if (stage.output_types[port].kind == graph::Kind::text) {
        outputs[port] = value::make_text(made.text);
      }
    }
  }

  std::function<void(std::string_view)> text_sink(int stage, std::size_t item) const {
    if (!options_->on_text) return {};
    for (std::size_t o = 0; o < graph_.outputs.size(); ++o) {
      const Source& source = graph_.outputs[o].source;
      if (source.stage != stage ||
          graph_.stages[index(stage)].output_types[index(source.port)].kind != graph::Kind::text)
        continue;
      return [this, item, o](std::string_view piece) { options_->on_text(item, o, piece); };
    }
    return {};
  }

  const graph::Graph& graph_;
  lower::Schedule schedule_;
  std::vector<Phase> phases_;
  Resources resources_;
  std::vector<std::unique_ptr<ItemRunner>> runners_;
  std::vector<std::unique_ptr<Generator>> generators_;
  std::vector<Once> once_;     // by unit
  std::deque<Turn> turns_;     // by unit
  std::vector<bool> ordered_;  // by unit: its items pass one by one, in their order
  // Of the run.
  const std::vector<Item>* items_ = nullptr;
  const RunOptions* options_ = nullptr;
  std::vector<ItemValues> values_;
  std::vector<ItemResult> results_;
  std::mutex times_mutex_;
  std::vector<StageTime> host_times_;  // by stage; guarded by times_mutex_
  std::vector<Worked> worked_;         // guarded by times_mutex_; empty without an observer
  Flow flow_;                          // last: its threads use all of the above
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
