// 1 to 18: what the loader and the host watch whenever a plugin is used. The kit makes sure that there is an occasion.
#include <mutex>
#include <thread>

#include "plugin/library.hpp"
#include "verify/calls.hpp"
#include "verify/exercise.hpp"
#include "verify/values.hpp"

namespace motet::verify::families {
namespace {

// The loader names the rule that a file breaks.
void load(Trial& trial) { const plugin::Library library(trial.library()); }

void load_beside_manifest(Trial& trial) {
  for (const plugin::Refused& refused : trial.registry().refused()) {
    const bool ours = refused.file.stem().stem() == trial.library().stem() &&
                      refused.file.parent_path() == trial.library().parent_path();
    if (ours) fail(refused.reason);
  }
  for (const plugin::PluginInfo& plugin : trial.registry().plugins()) {
    if (plugin.library == trial.library()) (void)trial.registry().load(plugin.types.front());
  }
}

constexpr int kThreads = 4;
constexpr int kRounds = 25;

// The first of what was not as alone when several threads asked for the same at once, "" where all was.
std::string at_once(const Way& way, const Made& made) {
  std::vector<Answer> alone;
  for (const Question& question : way.questions) alone.push_back(answer(question, *made));
  std::mutex mutex;
  std::string found;
  std::exception_ptr broken;
  const auto ask = [&](int thread) {
    for (int round = 0; round < kRounds; ++round) {
      const std::size_t i = static_cast<std::size_t>(thread + round) % alone.size();
      const Answer again = answer(way.questions[i], *made);
      const std::string differs = difference(alone[i].values, again.values);
      const std::lock_guard lock(mutex);
      if (!differs.empty()) found = differs;
    }
  };
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&, thread] {
        try {
          ask(thread);
        } catch (...) {
          const std::lock_guard lock(mutex);
          broken = std::current_exception();
        }
      });
    }
  }
  if (broken) std::rethrow_exception(broken);
  return found;
}

void concurrency(Trial& trial) {
  exercise(trial);  // a serial filler that its owner calls from several threads is noticed there
  Subject& subject = trial.subject();
  if (subject.type().concurrency != MOTET_PARALLEL) skip("it says serial, and nobody makes two calls at once");
  const std::vector<Way> ways = ways_of(trial);
  if (ways.empty()) skip("it only builds, one build at a time");
  const Made made = subject.make();
  for (const Way& way : ways) {
    const std::string found = at_once(way, made);
    expect(found.empty() || subject.type().determinism == MOTET_IMPURE,
           "its type says parallel, and with " + std::to_string(kThreads) + " calls of " + way.function +
               " at once a result is not the same as alone: " + found);
  }
}

}  // namespace

std::span<const Check> contract() {
  static constexpr Check kChecks[] = {
      {1, "exports_entry", "The library exports `motet_plugin`, a constant `motet_plugin_entry`.",
       "Without it the file is no plugin and is refused.", "loader", On::library, kBasic, load},
      {2, "abi_version",
       "The major version of the contract is this Motet's and the minor one not newer; both are read before any call.",
       "With another version the rest may be laid out otherwise, so the library is refused.", "loader", On::library,
       kBasic, load},
      {3, "manifest_agrees", "`<name>.motet.json`, which `motet-manifest` writes from the library, agrees with it.",
       "Listing, checking names and editors read it without loading the library and would lie; the library is refused, "
       "and the first field that differs is named.",
       "loader", On::library, kBasic, load_beside_manifest},
      {4, "tables_well_formed",
       "Every struct begins with its size; names are there, and no two ports, parameters, slots or types share one; "
       "each type has `create`, `destroy`, `extension`, and at least one extension.",
       "The library is refused.", "loader", On::library, kBasic, load},
      {5, "no_exception", "No exception leaves a function of the plugin.",
       "The other side may be another language or run-time library; the call fails with the exception's text, and the "
       "plugin is named.",
       "loader, host", On::stage, kBasic, exercise},
      {6, "failure_says_why",
       "Whoever returns another status than `MOTET_OK` calls `host->fail` before, with a message for the pipeline's "
       "author.",
       "The user would read a bare number.", "host", On::stage, kBasic, exercise},
      {7, "create_sets_stage", "A `create` that succeeds gives a stage.", "There is nothing to call.", "host",
       On::stage, kBasic, exercise},
      {8, "outputs_set",
       "A call that succeeds sets every output: `process`, `encode` and `decode` a value, `build` a tensor.",
       "The stage behind it works on nothing.", "host", On::stage, kBasic, exercise},
      {9, "output_kind",
       "An output is of the kind that its port declares; of a tensor also the element type, the number of dimensions "
       "and each size that is a number.",
       "Other stages were connected on the strength of that declaration.", "host", On::stage, kBasic, exercise},
      {10, "output_retained", "An input that is passed on as an output is retained first.",
       "It is freed while others still read it.", "checked host, where it can tell", On::host_stage, kBasic, exercise},
      {11, "call_not_kept", "A `motet_call` is not used after the call has returned.",
       "It is gone then, and the plugin writes into memory of others.",
       "checked host, which keeps returned calls for a while", On::stage, kBasic, exercise},
      {12, "host_function_in_its_phase",
       "Host functions are called in the phases that their brackets name: weights and symbols in `create` and "
       "`negotiate`, `offer` and `offered` in `negotiate`.",
       "At other times the graph that they change is finished; they return `MOTET_WRONG_ORDER`.",
       "host (refused), checked host (named)", On::stage, kBasic, exercise},
      {13, "order_of_calls",
       "`create`, `negotiate`, then any of `negotiate`, `build`, `process`, then `destroy`; only the host makes, "
       "negotiates and destroys stages, also those in a slot.",
       "A stage is used that is not there, or no longer.", "host; of a slot's filler: checked host", On::stage, kBasic,
       exercise},
      {14, "concurrency_declared",
       "A type that says `parallel` gives the same results when calls for one instance run at once; for a `serial` one "
       "nobody makes such calls, `create` and `negotiate` always run alone.",
       "Results of one item turn up in another, now and then.", "checked host, kit", On::stage, kBasic, concurrency},
      {15, "negotiate_pure", "`negotiate` gives the same outputs for the same inputs, as often as asked.",
       "Plans are made for what was negotiated before.", "checked host", On::stage, kBasic, exercise},
      {16, "spec_well_formed",
       "What `negotiate` answers is a tensor's spec: a known element type, at most eight dimensions, each a number or "
       "a "
       "symbol.",
       "The pipeline is refused, and its author cannot mend it.", "host", On::stage, kBasic, exercise},
      {17, "generation_well_formed",
       "What `generation` says makes sense: a vocabulary and a number of positions above zero, a start within the "
       "vocabulary, lists where some are counted.",
       "The engine cannot run the loop.", "host", On::generator, kBasic, exercise},
      {18, "token_in_vocabulary", "A sampler gives a token of the vocabulary.",
       "The decoder would look up a row that is not there.", "host", On::sampler, kBasic, exercise},
  };
  return kChecks;
}

}  // namespace motet::verify::families
