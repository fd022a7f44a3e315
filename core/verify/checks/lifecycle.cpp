// 32 to 39: instances come and go, in any number, order and thread that the contract allows.
#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>

#include "verify/calls.hpp"
#include "verify/exercise.hpp"
#include "verify/heap.hpp"
#include "verify/values.hpp"

namespace motet::verify::families {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int kThousand = 1000;

// As often as a few seconds allow, a thousand times at most: some stages read a large file when they are made.
template <class Body>
int affordable(Body&& body) {
  const auto begin = Clock::now();
  body();
  const auto once = std::chrono::duration<double>(Clock::now() - begin).count();
  return std::clamp(static_cast<int>(4.0 / std::max(once, 1e-6)), 20, kThousand);
}

void destroy_frees_all(Trial& trial) {
  Subject& subject = trial.subject();
  const graph::Symbols symbols = subject.graph().symbols;
  const auto round = [&] {
    (void)subject.make();
    subject.graph().symbols = symbols;  // the host's own, of which each negotiation makes some
  };
  expect_no_leak(affordable(round), "creating, negotiating and destroying an instance", round);
}

void calls_free_all(Trial& trial) {
  Subject& subject = trial.subject();
  const std::vector<Way> ways = ways_of(trial);
  if (ways.empty()) skip("it only builds, and what it builds is the host's");
  const Made made = subject.make();
  const auto round = [&] { (void)answers(ways, *made, 0); };
  expect_no_leak(affordable(round), "a call", round);
}

void destroy_of_nothing(Trial& trial) {
  trial.subject();
  trial.note("in destroy of NULL");
  trial.subject().loaded().type->destroy(nullptr);
}

void instances_independent(Trial& trial) {
  Subject& subject = trial.subject();
  const std::vector<Way> ways = ways_of(trial);
  if (ways.empty()) skip("it only builds: C080 is about that");
  if (subject.type().determinism == MOTET_IMPURE) skip("it says impure: its results may differ");
  const std::size_t items = 3;
  std::vector<std::vector<value::Ref>> alone(items);
  for (std::size_t i = 0; i < items; ++i) {
    const Made made = subject.make();
    alone[i] = answers(ways, *made, i);
  }
  std::vector<Made> several;
  for (std::size_t i = 0; i < items; ++i) several.push_back(subject.make());
  for (std::size_t i = 0; i < items; ++i) {
    const std::string differs = difference(alone[i], answers(ways, *several[i], i));
    expect(differs.empty(), "with two other instances alive a result is not the same as alone: " + differs);
  }
  several.erase(several.begin(), several.begin() + 2);
  const std::string differs = difference(alone[2], answers(ways, *several[0], 2));
  expect(differs.empty(), "after other instances were destroyed a result is not the same: " + differs);
}

void destroyed_early(Trial& trial) {
  Subject& subject = trial.subject();
  for (int i = 0; i < 3; ++i) (void)subject.create();  // created, never negotiated
}

void on_any_thread(Trial& trial) {
  Subject& subject = trial.subject();
  const std::vector<Way> ways = ways_of(trial);
  std::vector<value::Ref> here;
  {
    const Made made = subject.make();
    here = answers(ways, *made, 0);
  }
  std::optional<Made> made;
  std::vector<value::Ref> there;
  std::exception_ptr problem;
  const auto elsewhere = [&](auto&& body) {
    std::thread([&] {
      try {
        body();
      } catch (...) {
        problem = std::current_exception();
      }
    }).join();
    if (problem) std::rethrow_exception(problem);
  };
  elsewhere([&] { made.emplace(subject.create()); });
  elsewhere([&] { subject.negotiate(*made); });
  elsewhere([&] { there = answers(ways, **made, 0); });
  elsewhere([&] { made.reset(); });
  if (subject.type().determinism == MOTET_IMPURE) return;
  const std::string differs = difference(here, there);
  expect(differs.empty(), "created, negotiated and called on different threads it gives another result: " + differs);
}

void negotiated_after_use(Trial& trial) {
  Subject& subject = trial.subject();
  Made made = subject.make();
  const std::vector<Way> ways = ways_of(trial);
  const std::vector<value::Ref> before = answers(ways, *made, 0);
  if (ways.empty()) exercise_computing(trial, made);
  if (const auto refused = refusal([&] { subject.negotiate(made); }))
    fail("negotiated again after it had worked, it refuses: " + refused->message);
  if (ways.empty()) return exercise_computing(trial, made);
  if (subject.type().determinism == MOTET_IMPURE) return;
  const std::string differs = difference(before, answers(ways, *made, 0));
  expect(differs.empty(), "negotiated again with the same, it gives another result: " + differs);
}

}  // namespace

std::span<const Check> lifecycle() {
  static constexpr Check kChecks[] = {
      {32, "destroy_frees_all", "`destroy` frees what the instance took: a thousand of them leave nothing behind.",
       "A program that makes many pipelines grows until it is ended.", "kit", On::stage, kNormal, destroy_frees_all},
      {33, "calls_free_all", "What a call takes for itself it frees before it returns.",
       "A run over many items grows until it is ended.", "kit", On::stage, kNormal, calls_free_all},
      {34, "destroy_of_nothing", "`destroy` of NULL does nothing.",
       "A host that ends what a failed `create` left crashes.", "kit", On::stage, kBasic, destroy_of_nothing},
      {35, "instances_independent",
       "Instances of a type know nothing of each other: results are as if each were alone.",
       "A pipeline with two such stages computes something else than either alone.", "kit", On::stage, kBasic,
       instances_independent},
      {36, "destroyed_early", "An instance that was created and never negotiated can be destroyed.",
       "`motet check` of a pipeline with a mistake elsewhere crashes.", "kit", On::stage, kBasic, destroyed_early},
      {37, "on_any_thread",
       "An instance may be created, negotiated, called and destroyed on different threads, one after the other.",
       "It works in the first run and not in the next, which has other workers.", "kit", On::stage, kNormal,
       on_any_thread},
      {38, "negotiated_after_use", "`negotiate` may come again after an instance has worked, and changes nothing.",
       "A session that plans for another size fails in its middle.", "kit", On::stage, kNormal, negotiated_after_use},
  };
  return kChecks;
}

}  // namespace motet::verify::families
