// 87 to 89: a step is a step, whichever sequences it is made of.
#include <algorithm>

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

class Writer {
 public:
  explicit Writer(Trial& trial) : subject_(trial.subject()), dialogue_(dialogue(subject_)), made_(subject_.make()) {
    base_ = subject_.pipeline_items().front();
    generation_ = made_->generation({});
  }

  const host::Generation& generation() const { return generation_; }
  Ids prompt() const { return base_.inputs.at(dialogue_.input)->tokens().ids; }

  // What follows each of the prompts; they share steps. Empty where it fails.
  std::vector<Ids> write(const std::vector<Ids>& prompts) {
    std::vector<runtime::Item> items;
    for (const Ids& ids : prompts) {
      runtime::Item item = base_;
      item.inputs[dialogue_.input] = value::make_tokens({ids, {}, {}, {}});
      items.push_back(std::move(item));
    }
    std::vector<Ids> out;
    for (const runtime::ItemResult& result : subject_.run(items, "cpu", &made_))
      out.push_back(result.error ? Ids() : result.outputs[dialogue_.output]->tokens().ids);
    return out;
  }

 private:
  Subject& subject_;
  Dialogue dialogue_;
  Made made_;
  runtime::Item base_;
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
  const Ids prompt = writer.prompt();
  const Ids all = writer.write({prompt}).front();
  if (all.size() < 3) skip("it writes less than three tokens");
  for (const std::size_t given : {std::size_t{1}, all.size() / 2, all.size() - 1}) {
    Ids longer = prompt;
    longer.insert(longer.end(), all.begin(), all.begin() + static_cast<std::ptrdiff_t>(given));
    Ids rest = writer.write({longer}).front();
    Ids wanted(all.begin() + static_cast<std::ptrdiff_t>(given), all.end());
    const std::size_t compared = std::min(rest.size(), wanted.size());  // `max_tokens` counts from the prompt on
    rest.resize(compared);
    wanted.resize(compared);
    expect(rest == wanted, "after a prompt it writes " + listed(all) + ", and with the first " + std::to_string(given) +
                               " of those given at once it goes on with " + listed(rest));
  }
}

std::vector<Ids> several(Trial& trial, Writer& writer, std::size_t count) {
  std::vector<Ids> out = {writer.prompt()};
  while (out.size() < count) {
    Ids ids;
    for (std::int64_t i = trial.random().between(1, 12); i > 0; --i)
      ids.push_back(static_cast<std::int32_t>(
          trial.random().between(0, std::min<std::int64_t>(writer.generation().vocabulary, 1000) - 1)));
    out.push_back(std::move(ids));
  }
  return out;
}

void as_alone(Trial& trial, std::size_t count) {
  Writer writer(trial);
  if (chance(trial.subject())) skip("its sampler draws: two runs may differ");
  const std::vector<Ids> prompts = several(trial, writer, count);
  const std::vector<Ids> together = writer.write(prompts);
  for (std::size_t i = 0; i < prompts.size(); ++i) {
    const Ids alone = writer.write({prompts[i]}).front();
    expect(alone == together[i], "after " + listed(prompts[i]) + " it writes " + listed(alone) + " alone, and " +
                                     listed(together[i]) + " beside others");
  }
}

// More than share a step: some begin in rows that others have left.
void rows_independent(Trial& trial) { as_alone(trial, 13); }

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
