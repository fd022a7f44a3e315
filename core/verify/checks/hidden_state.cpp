// 60 to 66: what an instance gives for an item depends on that item alone.
#include <algorithm>
#include <atomic>
#include <optional>

#include "verify/exercise.hpp"
#include "verify/host_table.hpp"
#include "verify/values.hpp"

namespace motet::verify::families {
namespace {

Subject& deterministic(Trial& trial) {
  Subject& subject = trial.subject();
  if (subject.type().determinism == MOTET_IMPURE) skip("it says impure: its results may differ");
  return subject;
}

// A result, or the words of a refusal.
struct Answer {
  std::vector<value::Ref> values;
  std::string refusal;
};

Answer ask(const Made& made, const std::vector<value::Ref>& item, const host::CallOptions& options = {}) {
  Answer out;
  const auto refused = refusal([&] { out.values = Subject::process(*made, item, options); });
  if (refused) out.refusal = refused->message;
  return out;
}

void expect_same(const Answer& a, const Answer& b, const std::string& when) {
  expect(a.refusal == b.refusal, when + " it " +
                                     (b.refusal.empty() ? "takes an item that it refused: " + a.refusal
                                                        : "refuses an item that it took: " + b.refusal));
  const std::string differs = difference(a.values, b.values);
  expect(differs.empty(), when + " the result is not the same: " + differs);
}

constexpr int kAgain = 20;  // what goes wrong after some calls only

// Two items of which one is not like the other, random ones of the port's type where the pipeline has but one.
std::pair<std::vector<value::Ref>, std::vector<value::Ref>> two_items(Trial& trial) {
  const auto& items = trial.subject().items();
  for (std::size_t i = 1; i < items.size(); ++i) {
    if (!difference(items[0], items[i]).empty()) return {items[0], items[i]};
  }
  const Subject& subject = trial.subject();
  for (int attempt = 0; attempt < 5; ++attempt) {
    OpenSizes sizes;
    std::vector<value::Ref> other = items[0];
    for (std::size_t port = 0; port < other.size(); ++port) {
      if (!other[port]) continue;
      graph::PortType type = graph::parse_port_type(subject.type().inputs[port].type).front();
      if (other[port]->kind() != value::Kind::tensor) {
        if (type.kind != graph::Kind::tensor) other[port] = random_value(type, sizes, trial.random());
        continue;
      }
      type.dims.clear();  // the same sizes, other elements
      type.kind = graph::Kind::tensor;
      type.dtype = other[port]->tensor().dtype();
      for (const std::int64_t size : other[port]->tensor().shape()) type.dims.push_back({size, "", false});
      other[port] = random_value(type, sizes, trial.random());
    }
    if (!difference(items[0], other).empty()) return {items[0], other};
  }
  skip("there is but one item that it can be given");
}

void repeatable(Trial& trial) {
  Subject& subject = deterministic(trial);
  const Made made = subject.make();
  int again = kAgain;
  for (const auto& item : subject.items()) {
    const Answer first = ask(made, item);
    for (; again > 0; --again) expect_same(first, ask(made, item), "given the same item again");
    again = 2;
  }
}

void another_between(Trial& trial) {
  Subject& subject = deterministic(trial);
  const auto [a, b] = two_items(trial);
  const Made made = subject.make();
  const Answer first = ask(made, a);
  (void)ask(made, b);
  expect_same(first, ask(made, a), "given another item between");
}

void failure_between(Trial& trial) {
  Subject& subject = deterministic(trial);
  HostTable table({});
  Making making;
  making.table = table.get();
  const Made made = subject.make(making);
  const auto& item = subject.items().front();
  const std::int64_t before = table.calls();
  const Answer first = ask(made, item);
  const std::int64_t calls = table.calls() - before;
  for (std::int64_t n = 0; n < std::min<std::int64_t>(calls, trial.hard() ? 64 : 8); ++n) {
    table.fail_from_now(n);
    (void)ask(made, item);
    table.fail_from_now(-1);
    expect_same(first, ask(made, item), "after a call that failed since the host's " + table.failed() + " did");
  }
}

void cancellation_between(Trial& trial) {
  Subject& subject = deterministic(trial);
  const Made made = subject.make();
  const auto& item = subject.items().front();
  const Answer first = ask(made, item);
  const std::atomic<bool> cancelled{true};
  host::CallOptions options;
  options.cancelled = &cancelled;
  (void)ask(made, item, options);
  expect_same(first, ask(made, item), "after a call that was cancelled");
}

}  // namespace

std::span<const Check> hidden_state() {
  static constexpr Check kChecks[] = {
      {60, "repeatable", "An instance that says `pure` or `seeded` gives the same for the same item, to the bit.",
       "A run cannot be repeated, and what is cached is wrong.", "kit", On::host_stage, kBasic, repeatable},
      {61, "another_item_between", "A, B and A again: the second A is as the first.",
       "What an item gives depends on what came before it in the run.", "kit", On::host_stage, kBasic, another_between},
      {62, "failure_between", "A call that failed leaves nothing behind: the next one is as if it had not been.",
       "After one bad item all that follow are wrong.", "kit", On::host_stage, kNormal, failure_between},
      {63, "cancellation_between", "A call that was cancelled leaves nothing behind.",
       "After Ctrl-C on one request a server's next answers are wrong.", "kit", On::host_stage, kNormal,
       cancellation_between},
  };
  return kChecks;
}

}  // namespace motet::verify::families
