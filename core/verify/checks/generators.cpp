// 85 to 89: a step is a step, whichever sequences it is made of.
#include <algorithm>
#include <atomic>
#include <deque>
#include <map>

#include "lower/lower.hpp"
#include "verify/exercise.hpp"
#include "verify/values.hpp"

namespace motet::verify::families {
namespace {

using Ids = std::vector<std::int32_t>;

// The generator's prompt is an input of the pipeline, and its tokens an output: then the kit can ask for what it likes.
struct Dialogue {
  std::string input;
  std::size_t output = 0;
};

Dialogue dialogue(const Subject& subject) {
  const graph::Stage& stage = subject.stage();
  Dialogue out;
  for (std::size_t i = 0; i < stage.inputs.size(); ++i) {
    const bool prompt =
        stage.inputs[i] && stage.inputs[i]->stage < 0 && stage.input_types[i].kind == graph::Kind::tokens;
    if (prompt) out.input = subject.graph().inputs[static_cast<std::size_t>(stage.inputs[i]->port)].name;
  }
  bool found = false;
  for (std::size_t i = 0; i < subject.graph().outputs.size(); ++i) {
    const graph::Source& source = subject.graph().outputs[i].source;
    if (source.stage != subject.at() || stage.type->outputs[static_cast<std::size_t>(source.port)].type != "tokens")
      continue;
    out.output = i;
    found = true;
  }
  if (out.input.empty() || !found)
    skip("in its pipeline the prompt is no input, or the tokens no output: name one where they are with --pipeline");
  return out;
}

struct Prompt {
  Ids ids;
  std::size_t item = 0;  // of the pipeline's, whose other inputs go with it: what is heard, of another length each
};

class Writer {
 public:
  explicit Writer(Trial& trial)
      : subject_(trial.subject()),
        device_(trial.device()),
        dialogue_(dialogue(subject_)),
        made_(subject_.make()),
        items_(subject_.pipeline_items()),
        generation_(made_->generation({})) {}

  const host::Generation& generation() const { return generation_; }
  std::size_t item_count() const { return items_.size(); }
  Prompt prompt() const { return {items_.front().inputs.at(dialogue_.input)->tokens().ids, 0}; }

  std::vector<runtime::Item> items(const std::vector<Prompt>& prompts) const {
    std::vector<runtime::Item> out;
    for (const Prompt& prompt : prompts) {
      out.push_back(items_[prompt.item]);
      out.back().inputs[dialogue_.input] = value::make_tokens({prompt.ids, {}, {}, {}});
    }
    return out;
  }
  // What follows each of the prompts; they share steps. Empty where it fails.
  std::vector<Ids> write(const std::vector<Prompt>& prompts) { return write(items(prompts), {}); }
  std::vector<Ids> write(const std::vector<runtime::Item>& items, const Running& running) {
    std::vector<Ids> out;
    for (const runtime::ItemResult& result : subject_.run(items, device_, &made_, running))
      out.push_back(result.error ? Ids() : result.outputs[dialogue_.output]->tokens().ids);
    return out;
  }

 private:
  Subject& subject_;
  std::string device_;
  Dialogue dialogue_;
  Made made_;
  std::vector<runtime::Item> items_;
  host::Generation generation_;
};

std::string listed(const Ids& ids) {
  std::string out;
  for (std::size_t i = 0; i < ids.size() && i < 16; ++i) out += (i == 0 ? "" : ", ") + std::to_string(ids[i]);
  return "[" + out + (ids.size() > 16 ? ", ..." : "") + "]";
}

bool chance(const Subject& subject) {
  if (!subject.stage().slots.contains("sampler")) return false;
  const int at = subject.stage().slots.at("sampler");
  return !subject.graph().stages[static_cast<std::size_t>(at)].instance->greedy();
}

// What it wrote after the prompt, given as part of the prompt: the same goes on, but for those that were given.
void prompt_as_written(Trial& trial) {
  Writer writer(trial);
  if (chance(trial.subject())) skip("its sampler draws: two runs may differ");
  const Prompt prompt = writer.prompt();
  const Ids all = writer.write({prompt}).front();
  if (all.size() < 3) skip("it writes less than three tokens");
  for (const std::size_t given : {std::size_t{1}, all.size() / 2, all.size() - 1}) {
    Prompt longer = prompt;
    longer.ids.insert(longer.ids.end(), all.begin(), all.begin() + static_cast<std::ptrdiff_t>(given));
    Ids rest = writer.write({longer}).front();
    Ids wanted(all.begin() + static_cast<std::ptrdiff_t>(given), all.end());
    const std::size_t compared = std::min(rest.size(), wanted.size());  // `max_tokens` counts from the prompt on
    rest.resize(compared);
    wanted.resize(compared);
    expect(rest == wanted, "after a prompt it writes " + listed(all) + ", and with the first " + std::to_string(given) +
                               " of those given at once it goes on with " + listed(rest));
  }
}

std::vector<Prompt> several(Trial& trial, const Writer& writer, std::size_t count) {
  std::vector<Prompt> out = {writer.prompt()};
  while (out.size() < count) {
    Ids ids;
    for (std::int64_t i = trial.random().between(1, 12); i > 0; --i)
      ids.push_back(static_cast<std::int32_t>(
          trial.random().between(0, std::min<std::int64_t>(writer.generation().vocabulary, 1000) - 1)));
    out.push_back({std::move(ids), out.size() % writer.item_count()});
  }
  return out;
}

void as_alone(Trial& trial, std::size_t count) {
  Writer writer(trial);
  if (chance(trial.subject())) skip("its sampler draws: two runs may differ");
  const std::vector<Prompt> prompts = several(trial, writer, count);
  const std::vector<Ids> together = writer.write(prompts);
  for (std::size_t i = 0; i < prompts.size(); ++i) {
    const Ids alone = writer.write({prompts[i]}).front();
    expect(alone == together[i], "after " + listed(prompts[i].ids) + " it writes " + listed(alone) + " alone, and " +
                                     listed(together[i]) + " beside others");
  }
}

// More than share a step: some begin in rows that others have left.
void rows_independent(Trial& trial) { as_alone(trial, 13); }

// Cancels sequences after so many plans have run.
class Canceller final : public runtime::Observer {
 public:
  void cancel(runtime::Item& item, int after) {
    flags_.emplace_back(false);
    item.cancelled = &flags_.back();
    when_.emplace(after, &flags_.back());
  }
  void worked(std::string_view, runtime::Interval, int) override {}
  void planned(const program::Program&, const plan::Plan&) override {}
  void ran(const plan::Plan&, runtime::Interval, std::span<const device::StepTime>) override {
    ++ran_;
    for (auto it = when_.begin(); it != when_.end() && it->first <= ran_; it = when_.erase(it)) it->second->store(true);
  }

 private:
  int ran_ = 0;
  std::deque<std::atomic<bool>> flags_;  // which do not move
  std::multimap<int, std::atomic<bool>*> when_;
};

// Two rows: whenever a sequence leaves, another one joins the one that goes on, with a prompt of several tokens.
void join_and_leave(Trial& trial) {
  Writer writer(trial);
  if (chance(trial.subject())) skip("its sampler draws: two runs may differ");
  constexpr std::size_t kSequences = 7;
  const std::vector<Prompt> prompts = several(trial, writer, kSequences);
  std::vector<runtime::Item> items = writer.items(prompts), before = writer.items({prompts[0], prompts[1]});
  Canceller canceller;
  for (runtime::Item& item : before) canceller.cancel(item, 2);
  std::vector<bool> leaves(kSequences, false);
  for (const std::size_t i : {std::size_t{1}, std::size_t{3}, std::size_t{4}}) {
    leaves[i] = true;
    canceller.cancel(items[i], static_cast<int>(4 + 2 * i));
  }
  Running running;
  running.observer = &canceller;
  running.most_rows = 2;
  running.before = &before;
  const std::vector<Ids> together = writer.write(items, running);
  for (std::size_t i = 0; i < kSequences; ++i) {
    if (leaves[i]) continue;
    const Ids alone = writer.write({prompts[i]}).front();
    expect(alone == together[i], "after " + listed(prompts[i].ids) + " it writes " + listed(alone) + " alone, and " +
                                     listed(together[i]) + " beside others that join it or are cancelled");
  }
}

// Values that the result of the program is made of.
std::vector<bool> used_values(const program::Program& program) {
  std::vector<bool> used(program.values.size(), false);
  for (const program::Result& result : program.results) used[result.value] = true;
  for (auto op = program.ops.rbegin(); op != program.ops.rend(); ++op) {
    if (std::none_of(op->outputs.begin(), op->outputs.end(), [&](program::ValueId id) { return used[id]; })) continue;
    for (const program::ValueId id : op->inputs) used[id] = true;
  }
  return used;
}

// Attention writes a state as it reads it; one that is replaced has an operation for each.
void expect_used(const program::Program& step, const lower::StateSpec& state, std::uint32_t number) {
  const std::vector<bool> used = used_values(step);
  const auto is_it = [&](program::ValueId id) {
    return step.values[id].leaf == program::Leaf::state && step.values[id].index == number;
  };
  bool read = false, written = false;
  for (const program::Op& op : step.ops) {
    if (std::none_of(op.inputs.begin(), op.inputs.end(), is_it)) continue;
    const bool writes = op.def->name != "state_read";
    written = written || writes;
    read = read || std::any_of(op.outputs.begin(), op.outputs.end(), [&](program::ValueId id) { return used[id]; });
  }
  expect(written, "it asks for the state '" + state.name + "' and never writes it");
  expect(read, "it asks for the state '" + state.name + "', and what it keeps there has no part in the logits");
}

void states_used(Trial& trial) {
  const graph::Graph& graph = trial.subject().graph();
  const lower::Schedule schedule = lower::schedule(graph);
  const auto own = std::find_if(schedule.islands.begin(), schedule.islands.end(),
                                [&](const lower::Island& one) { return one.generator == trial.subject().at(); });
  if (own == schedule.islands.end()) skip("in its pipeline it generates nothing");
  lower::WeightTable weights;
  const lower::StepKey key{.tokens = 1, .wanted = 1, .rows = 2, .state_capacity = 16, .kept_capacity = 16};
  const lower::StepProgram step = lower::lower_step(graph, *own, key, weights);
  if (step.states.empty()) skip("it asks for no state");
  for (std::size_t i = 0; i < step.states.size(); ++i)
    expect_used(step.program, step.states[i], static_cast<std::uint32_t>(i));
}

void generation_repeatable(Trial& trial) {
  Subject& subject = trial.subject();
  const Made first = subject.make(), second = subject.make();
  const host::Generation a = first->generation({}), b = first->generation({}), c = second->generation({});
  const auto same = [](const host::Generation& x, const host::Generation& y) {
    return x.start == y.start && x.stop == y.stop && x.stop_strings == y.stop_strings && x.vocabulary == y.vocabulary &&
           x.max_positions == y.max_positions && x.max_tokens == y.max_tokens;
  };
  expect(same(a, b) && same(a, c), "generation says something else when it is asked again");
}

}  // namespace

std::span<const Check> generators() {
  static constexpr Check kChecks[] = {
      {85, "states_used", "Every state that a generator asks for is written, and read for the logits.",
       "Each sequence costs memory for it, and what the model should remember is forgotten.", "kit", On::generator,
       kNormal, states_used},
      {86, "join_and_leave",
       "A sequence goes on as if alone when another one joins it in the middle, or is cancelled, also in the row and "
       "after the run of one that was cancelled.",
       "Somebody's answer changes when somebody else asks, or hangs up.", "kit", On::generator, kBasic, join_and_leave},
      {87, "prompt_as_written", "A prompt in one step gives what the same tokens give one by one.",
       "The first answer to a question is another one than the second: positions or the state are wrong.", "kit",
       On::generator, kBasic, prompt_as_written},
      {88, "rows_independent",
       "Sequences that share steps know nothing of each other, nor of those whose row they got when those had ended.",
       "One user reads in the answer what another one asked.", "kit", On::generator, kBasic, rows_independent},
      {89, "generation_repeatable", "`generation` says the same as often as it is asked.",
       "The loop stops at another place in the next run.", "kit", On::generator, kNormal, generation_repeatable},
  };
  return kChecks;
}

}  // namespace motet::verify::families
