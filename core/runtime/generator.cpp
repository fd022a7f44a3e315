#include "runtime/generator.hpp"

#include <algorithm>
#include <cstring>

#include "runtime/buckets.hpp"

namespace motet::runtime {
namespace {

constexpr std::int64_t kFirstCapacity = 256;  // positions of a state to begin with
// In one step: bounds the scratch memory of long prompts.
constexpr auto kMostTokens = static_cast<std::size_t>(lower::kMostStepTokens);

const host::Instance* filler(const graph::Graph& graph, const graph::Stage& stage, const char* slot) {
  const auto found = stage.slots.find(slot);
  return found == stage.slots.end() ? nullptr : graph.stages[static_cast<std::size_t>(found->second)].instance.get();
}

void write(std::span<std::byte> to, const std::vector<std::int32_t>& from) {
  std::memcpy(to.data(), from.data(), from.size() * sizeof(std::int32_t));
}

}  // namespace

struct Generator::Sequence {
  int request = -1;
  int row = -1;
  std::vector<std::int32_t> history;  // prompt, then what was generated
  std::size_t fed = 0;                // of the history
  std::size_t prompt_size = 0;
  std::size_t most = 0;           // tokens to generate at most
  std::vector<std::int32_t> ids;  // generated
  std::unique_ptr<TextStream> text;
  bool wanted = false;  // its next token comes of the step that runs
  bool done = false;
};

struct Generator::Batch {
  std::vector<Request>& requests;
  std::vector<Generated>& out;
  GeneratorTime& time;
  Timings& timings;
  const host::CallOptions& options;
  std::vector<Sequence> active = {};
  std::vector<int> free_rows = {};
  // Of the step.
  std::vector<std::int32_t> tokens = {}, positions = {}, row = {}, feature = {}, want = {};
  std::vector<Sequence*> wanted = {};
  bool reads_prompt = false;
  device::Executable* executable = nullptr;
  std::vector<std::int32_t> next = {};  // by wanted
};

Generator::Generator(const graph::Graph& graph, const lower::Island& island, Resources& resources, int most_rows)
    : graph_(graph),
      stage_(graph.stages[static_cast<std::size_t>(island.generator)]),
      island_(island),
      resources_(resources),
      items_(graph, island, resources),
      generation_(stage_.instance->generation({})),
      tokenizer_(filler(graph, stage_, "text")),
      sampler_(filler(graph, stage_, "sampler")),
      greedy_(sampler_ == nullptr || sampler_->greedy()),
      most_rows_(most_rows),
      n_memories_(lower::memories(graph, island).size()) {
  for (int at : island.stages) {
    item_name_ += (item_name_.empty() ? "" : "+") + graph.stages[static_cast<std::size_t>(at)].name;
  }
}

Generator::~Generator() = default;

Generator::Step& Generator::step(const lower::StepKey& key) {
  std::unique_ptr<Step>& found = steps_[key];
  if (!found) {
    found = std::make_unique<Step>();
    found->lowered = lower::lower_step(graph_, island_, key, resources_.weights());
    found->prepared = resources_.plan(found->lowered.program);
  }
  return *found;
}

// Rows change between runs only, when no state is alive.
void Generator::make_rows(std::int64_t rows) {
  if (rows == rows_) return;
  rows_ = rows;
  states_.clear();
  state_capacity_ = 0;
  steps_.clear();
  kept_.buffers.clear();
  kept_.rows = rows;
  kept_.capacity = 0;
  ++kept_.change;
  row_lengths_.assign(n_memories_, std::vector<std::int32_t>(static_cast<std::size_t>(rows), 0));
}

void Generator::grow_states(std::int64_t needed) {
  const auto too_small = [&](const lower::StateSpec& spec) {
    return spec.capacity(needed) > spec.capacity(state_capacity_);
  };
  if (state_capacity_ > 0 && std::none_of(state_specs_.begin(), state_specs_.end(), too_small)) return;
  const std::int64_t most = std::max(needed, generation_.max_positions);
  const std::int64_t capacity =
      std::min(std::max({power_of_two(needed), kFirstCapacity, 2 * state_capacity_}), power_of_two(most));
  lower::StepKey key{1, 1, rows_, capacity, kept_.capacity, greedy_};
  state_specs_ = step(key).lowered.states;
  std::vector<std::unique_ptr<device::Buffer>> grown;
  for (std::size_t i = 0; i < state_specs_.size(); ++i) {
    const lower::StateSpec& spec = state_specs_[i];
    const auto bytes = static_cast<std::uint64_t>(spec.type(rows_, capacity).size_bytes());
    const auto old_bytes = static_cast<std::uint64_t>(spec.type(rows_, state_capacity_).size_bytes());
    const bool stays = !states_.empty() && old_bytes == bytes;
    grown.push_back(stays ? nullptr : resources_.device().allocate(bytes));
    if (stays || states_.empty()) continue;
    const auto pieces = static_cast<std::uint64_t>(spec.pieces(rows_));
    const std::uint64_t old_step = old_bytes / pieces;
    resources_.device().copy(*states_[i], *grown[i], {pieces, old_step, 0, old_step, 0, bytes / pieces});
  }
  // All memory is there by now: nothing below throws, so that a failure leaves the states as they were.
  for (std::size_t i = 0; i < grown.size(); ++i) {
    if (grown[i] == nullptr) grown[i] = std::move(states_[i]);
  }
  states_ = std::move(grown);
  state_capacity_ = capacity;
  one_token_a_row_ = std::any_of(state_specs_.begin(), state_specs_.end(),
                                 [](const lower::StateSpec& spec) { return spec.kind == MOTET_STATE_REPLACE; });
  ++state_change_;
  // Steps of the smaller capacity never run again.
  std::erase_if(steps_, [&](const auto& entry) { return entry.first.state_capacity != capacity; });
}

bool Generator::admit(Batch& batch, int number) {
  Request& request = batch.requests[static_cast<std::size_t>(number)];
  Generated& out = batch.out[static_cast<std::size_t>(number)];
  Sequence sequence;
  sequence.request = number;
  sequence.row = batch.free_rows.back();
  try {
    if (request.prompt) {
      sequence.history = *request.prompt;
    } else if (generation_.start >= 0) {
      sequence.history = {generation_.start};
    }
    if (sequence.history.empty()) base::fail(base::ErrorKind::item, "stage '" + stage_.name + "': the prompt is empty");
    const auto size = static_cast<std::int64_t>(sequence.history.size());
    if (size >= generation_.max_positions) {
      base::fail(base::ErrorKind::item,
                 "stage '" + stage_.name + "': the prompt has " + std::to_string(size) +
                     " tokens, the model takes at most " + std::to_string(generation_.max_positions) +
                     " with its answer",
                 "shorten the input");
    }
    for (std::int32_t id : sequence.history) {
      if (id < 0 || id >= generation_.vocabulary) {
        base::fail(base::ErrorKind::item,
                   "stage '" + stage_.name + "': token " + std::to_string(id) +
                       " is outside the model's vocabulary of " + std::to_string(generation_.vocabulary),
                   "the tokenizer is of another model");
      }
    }
    std::int64_t most = generation_.max_positions - size;
    if (generation_.max_tokens > 0) most = std::min(most, generation_.max_tokens);
    sequence.most = static_cast<std::size_t>(most);
    sequence.prompt_size = sequence.history.size();
    sequence.history.reserve(sequence.prompt_size + sequence.most);
    sequence.ids.reserve(sequence.most);
    // No step allocates: what it notes down has its place by now.
    std::vector<double>& step_ms = batch.time.step_ms;
    if (step_ms.capacity() - step_ms.size() < sequence.most)
      step_ms.reserve(std::max(2 * step_ms.capacity(), step_ms.size() + sequence.most));
    const Stopwatch watch;
    auto results = items_.run({&request.inputs}, &kept_, sequence.row);
    if (!item_name_.empty()) {
      StageTime& item_time = batch.timings.stages[item_name_];
      ++item_time.calls;
      item_time.total_ms += watch.ms();
      if (resources_.observer() != nullptr)
        resources_.observer()->worked(item_name_, {watch.begin_ns(), Stopwatch::now_ns()}, 0);
    }
    out.results = std::move(results.front());
    for (std::size_t m = 0; m < n_memories_; ++m) {
      row_lengths_[m][static_cast<std::size_t>(sequence.row)] = static_cast<std::int32_t>(items_.memory_lengths()[m]);
    }
  } catch (const base::Error& error) {
    if (error.kind() == base::ErrorKind::cancelled || error.kind() == base::ErrorKind::environment) throw;
    out.error = error;
    return false;
  }
  sequence.text = std::make_unique<TextStream>(tokenizer_, generation_.stop_strings, request.on_text, batch.options);
  batch.time.prompt_tokens += sequence.prompt_size;
  batch.free_rows.pop_back();
  batch.active.push_back(std::move(sequence));
  return true;
}

// The tokens of the next step: what each sequence has not fed yet, whole where it fits.
void Generator::gather(Batch& batch) {
  batch.tokens.clear();
  batch.positions.clear();
  batch.row.clear();
  batch.want.clear();
  batch.wanted.clear();
  batch.reads_prompt = false;
  for (Sequence& sequence : batch.active) {
    sequence.wanted = false;
    const std::size_t most = one_token_a_row_ ? sequence.fed + 1 : sequence.history.size();
    while (sequence.fed < std::min(most, sequence.history.size()) && batch.tokens.size() < kMostTokens) {
      batch.tokens.push_back(sequence.history[sequence.fed]);
      batch.positions.push_back(static_cast<std::int32_t>(sequence.fed));
      batch.row.push_back(sequence.row);
      batch.reads_prompt = batch.reads_prompt || sequence.fed < sequence.prompt_size;
      ++sequence.fed;
    }
    if (sequence.fed == sequence.history.size() && batch.row.size() > 0 && batch.row.back() == sequence.row) {
      sequence.wanted = true;
      batch.want.push_back(static_cast<std::int32_t>(batch.tokens.size() - 1));
      batch.wanted.push_back(&sequence);
    }
  }
}

void Generator::run_step(Batch& batch) {
  std::int64_t reach = 1;
  for (std::int32_t position : batch.positions) reach = std::max<std::int64_t>(reach, position + 1);
  grow_states(reach);
  lower::StepKey key;
  key.tokens = length_bucket(static_cast<std::int64_t>(batch.tokens.size()));
  key.wanted = power_of_two(static_cast<std::int64_t>(batch.want.size()));
  key.rows = rows_;
  key.state_capacity = state_capacity_;
  key.kept_capacity = kept_.capacity;
  key.greedy = greedy_;
  Step& found = step(key);
  device::Executable& executable =
      resources_.ready(found.prepared, states_, kept_.buffers, (state_change_ << 16) + kept_.change);
  const auto n = static_cast<std::size_t>(key.tokens);
  batch.tokens.resize(n, 0);
  batch.positions.resize(n, 0);
  batch.row.resize(n, -1);
  batch.feature.assign(n, -1);
  batch.want.resize(static_cast<std::size_t>(key.wanted), 0);
  write(executable.input(lower::StepProgram::kTokens), batch.tokens);
  write(executable.input(lower::StepProgram::kPositions), batch.positions);
  write(executable.input(lower::StepProgram::kRow), batch.row);
  write(executable.input(lower::StepProgram::kFeature), batch.feature);
  write(executable.input(lower::StepProgram::kWant), batch.want);
  for (std::size_t m = 0; m < n_memories_; ++m)
    write(executable.input(lower::StepProgram::kLengths + m), row_lengths_[m]);
  resources_.run(found.prepared);
  batch.executable = &executable;
}

void Generator::take_tokens(Batch& batch) {
  const std::span<const std::byte> result = batch.executable->result(0);
  batch.next.assign(batch.wanted.size(), -1);
  for (std::size_t w = 0; w < batch.wanted.size(); ++w) {
    Sequence& sequence = *batch.wanted[w];
    if (greedy_) {
      std::memcpy(&batch.next[w], result.data() + w * sizeof(std::int32_t), sizeof(std::int32_t));
      continue;
    }
    const auto vocabulary = static_cast<std::size_t>(generation_.vocabulary);
    const auto* logits = reinterpret_cast<const float*>(result.data()) + w * vocabulary;
    batch.next[w] = sampler_->sample({logits, vocabulary}, sequence.history, sequence.ids.size(), batch.options);
  }
}

void Generator::accept(Batch& batch, Sequence& sequence, std::int32_t id) {
  if (std::find(generation_.stop.begin(), generation_.stop.end(), id) != generation_.stop.end())
    return finish(batch, sequence);
  sequence.history.push_back(id);
  sequence.ids.push_back(id);
  if (!sequence.text->update(sequence.ids) || sequence.ids.size() >= sequence.most) finish(batch, sequence);
}

void Generator::finish(Batch& batch, Sequence& sequence) {
  sequence.text->finish(sequence.ids);
  Generated& out = batch.out[static_cast<std::size_t>(sequence.request)];
  out.text = sequence.text->text();
  out.ids = std::move(sequence.ids);
  sequence.done = true;
  batch.free_rows.push_back(sequence.row);
}

std::vector<Generated> Generator::run(std::vector<Request>& requests, const host::CallOptions& options,
                                      Timings& timings) {
  GeneratorTime& time = timings.generators[stage_.name];
  std::vector<Generated> out(requests.size());
  Batch batch{.requests = requests, .out = out, .time = time, .timings = timings, .options = options};
  make_rows(power_of_two(std::min<std::int64_t>(most_rows_, static_cast<std::int64_t>(requests.size()))));
  for (int row = static_cast<int>(rows_) - 1; row >= 0; --row) batch.free_rows.push_back(row);
  batch.active.reserve(static_cast<std::size_t>(rows_));
  int pending = 0;
  while (true) {
    while (!batch.free_rows.empty() && pending < static_cast<int>(requests.size())) admit(batch, pending++);
    if (batch.active.empty()) break;
    if (options.cancelled != nullptr && options.cancelled->load()) base::fail(base::ErrorKind::cancelled, "cancelled");
    const Stopwatch watch;
    if (state_capacity_ == 0) grow_states(1);  // what states there are decides how prompts are fed
    gather(batch);
    run_step(batch);
    take_tokens(batch);
    if (batch.reads_prompt) {
      time.prefill_ms += watch.ms();
    } else {
      time.step_ms.push_back(watch.ms());
    }
    for (std::size_t w = 0; w < batch.wanted.size(); ++w) accept(batch, *batch.wanted[w], batch.next[w]);
    for (Sequence& sequence : batch.active) {
      const std::atomic<bool>* cancelled = requests[static_cast<std::size_t>(sequence.request)].cancelled;
      if (sequence.done || cancelled == nullptr || !cancelled->load()) continue;
      finish(batch, sequence);
      out[static_cast<std::size_t>(sequence.request)].error = base::Error(base::ErrorKind::cancelled, "cancelled");
    }
    std::erase_if(batch.active, [](const Sequence& sequence) { return sequence.done; });
  }
  return out;
}

}  // namespace motet::runtime
