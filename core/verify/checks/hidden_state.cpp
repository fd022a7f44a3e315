// 60 to 66: what an instance gives for an item depends on that item alone.
#include <algorithm>
#include <atomic>

#include "verify/calls.hpp"
#include "verify/host_table.hpp"

namespace motet::verify::families {
namespace {

Subject& deterministic(Trial& trial) {
  Subject& subject = trial.subject();
  if (subject.type().determinism == MOTET_IMPURE) skip("it says impure: its results may differ");
  return subject;
}

constexpr int kAgain = 20;  // what goes wrong after some calls only

void repeatable(Trial& trial) {
  Subject& subject = deterministic(trial);
  const Made made = subject.make();
  for (const Way& way : ways_of(trial)) {
    int again = kAgain;
    for (const Question& question : way.questions) {
      const Answer first = answer(question, *made);
      for (; again > 0; --again)
        expect_same(first, answer(question, *made), "given the same to " + way.function + " again");
      again = 2;
    }
  }
}

// The question, then all others, those of other functions too, then the same again.
void another_between(Trial& trial) {
  Subject& subject = deterministic(trial);
  const std::vector<Way> ways = ways_of(trial);
  if (ways.size() == 1 && ways.front().questions.size() == 1) skip("there is but one item that it can be given");
  for (const Way& way : ways) {
    const Made made = subject.make();
    const Answer first = answer(way.questions.front(), *made);
    for (const Way& other : ways) {
      for (std::size_t i = other.function == way.function ? 1 : 0; i < other.questions.size(); ++i)
        (void)answer(other.questions[i], *made);
    }
    expect_same(first, answer(way.questions.front(), *made), "given others between, to " + way.function + ",");
  }
}

void failure_between(Trial& trial) {
  Subject& subject = deterministic(trial);
  HostTable table({});
  Making making;
  making.table = table.get();
  const Made made = subject.make(making);
  for (const Way& way : ways_of(trial)) {
    const Question& question = way.questions.front();
    const std::int64_t before = table.calls();
    const Answer first = answer(question, *made);
    const std::int64_t calls = std::min<std::int64_t>(table.calls() - before, trial.hard() ? 64 : 8);
    for (std::int64_t n = 0; n < calls; ++n) {
      table.fail_from_now(n);
      (void)answer(question, *made);
      const std::string function = table.failed();
      table.fail_from_now(-1);
      expect_same(first, answer(question, *made),
                  "after a call of " + way.function + " that failed since the host's " + function + " did");
    }
  }
}

// At once, and each time that it asks.
void cancellation_between(Trial& trial) {
  Subject& subject = deterministic(trial);
  HostTable table({});
  Making making;
  making.table = table.get();
  const Made made = subject.make(making);
  const std::atomic<bool> cancelled{true};
  host::CallOptions options;
  options.cancelled = &cancelled;
  for (const Way& way : ways_of(trial)) {
    const Question& question = way.questions.front();
    table.cancel_from_now(-1);
    const Answer first = answer(question, *made);
    const std::int64_t questions = std::min<std::int64_t>(table.questions(), trial.hard() ? 64 : 8);
    const std::string when = "after a call of " + way.function + " that was cancelled";
    (void)answer(question, *made, options);
    expect_same(first, answer(question, *made), when);
    for (std::int64_t n = 0; n < questions; ++n) {
      table.cancel_from_now(n);
      (void)answer(question, *made);
      table.cancel_from_now(-1);
      expect_same(first, answer(question, *made), when + " at its question number " + std::to_string(n + 1));
    }
  }
}

}  // namespace

std::span<const Check> hidden_state() {
  static constexpr Check kChecks[] = {
      {60, "repeatable", "An instance that says `pure` or `seeded` gives the same for the same item, to the bit.",
       "A run cannot be repeated, and what is cached is wrong.", "kit", On::answering, kBasic, repeatable},
      {61, "another_item_between",
       "A, B and A again: the second A is as the first, whichever functions are called between.",
       "What an item gives depends on what came before it in the run.", "kit", On::answering, kBasic, another_between},
      {62, "failure_between", "A call that failed leaves nothing behind: the next one is as if it had not been.",
       "After one bad item all that follow are wrong.", "kit", On::answering, kNormal, failure_between},
      {63, "cancellation_between", "A call that was cancelled leaves nothing behind.",
       "After Ctrl-C on one request a server's next answers are wrong.", "kit", On::answering, kNormal,
       cancellation_between},
  };
  return kChecks;
}

}  // namespace motet::verify::families
