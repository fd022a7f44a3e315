#include "verify/exercise.hpp"

#include "verify/child.hpp"

namespace motet::verify {

void exercise_host_stage(Trial& trial, const host::Instance& instance) {
  for (const std::vector<value::Ref>& item : trial.subject().items())
    (void)refusal([&] { (void)Subject::process(instance, item); });
}

void exercise_computing(Trial& trial, Made& made) {
  Subject& subject = trial.subject();
  for (const runtime::ItemResult& result : subject.run(subject.pipeline_items(), "cpu", &made)) {
    // Other failures are an item's own, and the pipeline's tests judge them.
    if (result.error && cited_obligation(result.error->what()) != 0) throw base::Error(*result.error);
  }
}

void exercise_tokenizer(const host::Instance& instance) {
  for (const char* text : {"a river bank", "Straße, 漢字 🎉"}) {
    for (const bool special : {false, true}) {
      (void)refusal([&] {
        const value::Ref tokens = instance.encode(text, special, {});
        (void)instance.decode(tokens->tokens().ids, special, {});
      });
    }
  }
  (void)instance.token_id("a");
}

void exercise_sampler(Trial& trial, const host::Instance& instance) {
  std::vector<float> logits(57);
  std::vector<std::int32_t> history;
  for (std::uint64_t step = 0; step < 20; ++step) {
    for (float& logit : logits) logit = 4 * trial.random().number();
    (void)refusal([&] { history.push_back(instance.sample(logits, history, step, {})); });
  }
  (void)instance.greedy();
}

void exercise(Trial& trial) {
  Subject& subject = trial.subject();
  Made made = subject.make();
  subject.negotiate(made);
  const plugin::StageTypeInfo& type = subject.type();
  if (type.is_host()) exercise_host_stage(trial, *made);
  if (type.is_tensor() || type.is_generator()) exercise_computing(trial, made);
  if (type.is_tokenizer()) exercise_tokenizer(*made);
  if (type.is_sampler()) exercise_sampler(trial, *made);
}

}  // namespace motet::verify
