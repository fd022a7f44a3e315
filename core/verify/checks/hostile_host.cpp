// 67 to 72: a host that has no memory left, offers nothing, or is of a later version.
#include <algorithm>
#include <chrono>
#include <optional>

#include "verify/calls.hpp"
#include "verify/child.hpp"
#include "verify/exercise.hpp"
#include "verify/failing_builder.hpp"
#include "verify/heap.hpp"
#include "verify/host_table.hpp"
#include "verify/values.hpp"

namespace motet::verify::families {
namespace {

std::int64_t most(const Trial& trial) { return trial.hard() ? 200 : 20; }

// The first item's, or the run's.
std::optional<base::Error> error_of(Subject& subject, const std::vector<runtime::Item>& items, Made& made) {
  try {
    return subject.run(items, "cpu", &made).front().error;
  } catch (const base::Error& error) {
    return error;
  }
}

// Each of the calls that a build makes, as if it had been a mistake; some of them where each costs a run that is long.
void builds_survive(Trial& trial) {
  Subject& subject = trial.subject();
  FailingBuilder builder(*subject.loaded().type);
  Making making;
  making.type = &builder.type();
  Made made = subject.make(making);
  const std::vector<runtime::Item> items = {subject.pipeline_items().front()};
  const auto begin = std::chrono::steady_clock::now();
  const runtime::ItemResult whole = subject.run(items, "cpu", &made).front();
  if (whole.error) skip(std::string("its pipeline fails: ") + whole.error->what());
  const std::chrono::duration<double> once = std::chrono::steady_clock::now() - begin;
  const std::int64_t calls = builder.calls();
  if (calls == 0) skip("its build asks nothing of the host that could fail");
  const auto affordable = static_cast<std::int64_t>(4.0 / std::max(once.count(), 1e-6));
  const std::int64_t tried = std::clamp<std::int64_t>(affordable, 4, most(trial));
  for (std::int64_t n = 0; n < calls; n += std::max<std::int64_t>(calls / tried, 1)) {
    builder.fail_from_now(n);
    const std::optional<base::Error> error = error_of(subject, items, made);
    if (!error) fail("a call of its builder fails, number " + std::to_string(n) + ", and a result comes of it");
    if (cited_obligation(error->what()) != 0) throw base::Error(*error);
  }
}

// Whatever a stage does with a failed host call, it must say so or go on well; a crash is what this is about.
void calls_survive(Trial& trial) {
  Subject& subject = trial.subject();
  const plugin::StageTypeInfo& type = subject.type();
  if (type.is_tensor() || type.is_generator()) return builds_survive(trial);
  HostTable table({});
  Making making;
  making.table = table.get();
  const Made made = subject.make(making);
  std::int64_t tried = 0;
  for (const Way& way : ways_of(trial)) {
    const std::int64_t before = table.calls();
    (void)answer(way.questions.front(), *made);
    const std::int64_t calls = std::min(table.calls() - before, most(trial));
    for (std::int64_t n = 0; n < calls; ++n, ++tried) {
      table.fail_from_now(n);
      (void)answer(way.questions.front(), *made);
    }
    table.fail_from_now(-1);
  }
  if (tried == 0) skip("its calls ask nothing of the host that could fail");
}

void creation_survives(Trial& trial) {
  Subject& subject = trial.subject();
  HostTable table({});
  Making making;
  making.table = table.get();
  (void)subject.make(making);
  const std::int64_t calls = std::min(table.calls(), most(trial));
  if (calls == 0) skip("create and negotiate ask nothing of the host that could fail");
  for (std::int64_t n = 0; n < calls; ++n) {
    table.fail_from_now(n);
    (void)refusal([&] { (void)subject.make(making); });
  }
}

void failures_free_all(Trial& trial) {
  Subject& subject = trial.subject();
  if (!subject.type().is_host()) skip("it only builds, or works in a slot");
  HostTable table({});
  Making making;
  making.table = table.get();
  const Made made = subject.make(making);
  const auto& item = subject.items().front();
  const std::int64_t before = table.calls();
  (void)refusal([&] { (void)Subject::process(*made, item); });
  const std::int64_t calls = std::min<std::int64_t>(table.calls() - before, 16);
  for (std::int64_t n = 0; n < calls; ++n) {
    expect_no_leak(200, "a call that gives up since the host's call " + std::to_string(n) + " failed", [&] {
      table.fail_from_now(n);
      (void)refusal([&] { (void)Subject::process(*made, item); });
    });
  }
}

void nothing_offered(Trial& trial) {
  Making making;
  making.alone = true;
  Subject& subject = trial.subject();
  std::optional<Made> made;
  const auto refused = refusal([&] {
    made.emplace(subject.create(making));
    subject.negotiate(*made);
  });
  if (refused) return;
  const std::vector<Way> ways = ways_of(trial);
  (void)answers(ways, **made, 0);
  if (ways.empty()) exercise_computing(trial, *made);
}

// The plugin's own type, called by a host whose structs are longer.
const motet_stage_type* g_type = nullptr;

struct LongerParam {
  motet_param_value value;
  void* later[3];
};

motet_status create_longer(motet_call* call, const motet_host* host, const motet_params* params, motet_stage** out) {
  std::vector<LongerParam> values(params->count);
  for (std::size_t i = 0; i < params->count; ++i) {
    values[i].value = params->values[i];
    values[i].value.struct_size = sizeof(LongerParam);
    for (void*& one : values[i].later) one = reinterpret_cast<void*>(std::uintptr_t{0x5a5a5a5a});
  }
  const motet_params longer{sizeof longer, values.size(), values.empty() ? nullptr : &values.front().value};
  return g_type->create(call, host, &longer, out);
}

struct LongerSpec {
  motet_tensor_spec spec;
  std::uint64_t later[2];
};

std::vector<LongerSpec> longer(const motet_tensor_spec* specs, std::uint32_t count) {
  std::vector<LongerSpec> out(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    out[i].spec = specs[i];
    out[i].spec.struct_size = sizeof(LongerSpec);
    out[i].later[0] = out[i].later[1] = 0x5a5a5a5a5a5a5a5au;
  }
  return out;
}

motet_status negotiate_longer(motet_call* call, motet_stage* stage, motet_negotiation* negotiation) {
  std::vector<LongerSpec> in = longer(negotiation->inputs, negotiation->n_inputs);
  std::vector<LongerSpec> out = longer(negotiation->outputs, negotiation->n_outputs);
  struct {
    motet_negotiation negotiation;
    std::uint64_t later[2];
  } given{*negotiation, {0x5a5a5a5a5a5a5a5au, 0x5a5a5a5a5a5a5a5au}};
  given.negotiation.struct_size = sizeof given;
  given.negotiation.inputs = in.empty() ? nullptr : &in.front().spec;
  given.negotiation.outputs = out.empty() ? nullptr : &out.front().spec;
  const motet_status status = g_type->negotiate(call, stage, &given.negotiation);
  for (std::uint32_t i = 0; i < negotiation->n_outputs; ++i) {
    negotiation->outputs[i] = out[i].spec;
    negotiation->outputs[i].struct_size = sizeof(motet_tensor_spec);
  }
  return status;
}

void works_as_before(Trial& trial, const Making& making, const std::string& when) {
  Subject& subject = trial.subject();
  std::vector<host::TensorSpec> plain_specs, specs;
  Made plain = subject.create();
  plain_specs = subject.negotiate(plain);
  std::optional<Made> made;
  const auto refused = refusal([&] {
    made.emplace(subject.create(making));
    specs = subject.negotiate(*made);
  });
  expect(!refused, when + " it refuses: " + (refused ? refused->message : ""));
  const auto same_kind = [](const host::TensorSpec& a, const host::TensorSpec& b) {
    return a.dtype == b.dtype && a.shape.size() == b.shape.size();
  };
  expect(std::equal(plain_specs.begin(), plain_specs.end(), specs.begin(), specs.end(), same_kind),
         when + " negotiate answers otherwise");
  if (!subject.type().is_host() || subject.type().determinism == MOTET_IMPURE) return;
  for (const auto& item : subject.items()) {
    std::vector<value::Ref> a, b;
    (void)refusal([&] { a = Subject::process(*plain, item); });
    (void)refusal([&] { b = Subject::process(**made, item); });
    const std::string differs = difference(a, b);
    expect(differs.empty(), when + " a result is another: " + differs);
  }
}

void later_host(Trial& trial) {
  HostBehaviour behaviour;
  behaviour.newer = true;
  const HostTable table(behaviour);
  Making making;
  making.table = table.get();
  works_as_before(trial, making, "with a host of a later minor version");
}

void longer_structs(Trial& trial) {
  g_type = trial.subject().loaded().type;
  motet_stage_type type = *g_type;
  type.struct_size = sizeof type;
  type.create = create_longer;
  if (type.negotiate != nullptr) type.negotiate = negotiate_longer;
  Making making;
  making.type = &type;
  works_as_before(trial, making, "with structs of a later minor version, which are longer");
}

}  // namespace

std::span<const Check> hostile_host() {
  static constexpr Check kChecks[] = {
      {67, "calls_survive",
       "A host function that fails in `process`, `encode` or `decode` is noticed, and a builder's in `build`, "
       "whichever "
       "it is.",
       "A large item takes the program down instead of failing alone.", "kit", On::stage, kNormal, calls_survive},
      {68, "creation_survives", "A host function that fails in `create` or `negotiate` is noticed, whichever it is.",
       "A pipeline with a mistake crashes instead of being refused.", "kit", On::stage, kNormal, creation_survives},
      {69, "failures_free_all", "A call that gives up frees what it took until then.",
       "A server that refuses bad requests grows with each.", "kit", On::host_stage, kHard, failures_free_all},
      {70, "nothing_offered", "Without weights, offers and fillers of its slots a stage works or refuses.",
       "A pipeline that forgets the weights crashes instead of being told.", "kit", On::stage, kNormal,
       nothing_offered},
      {71, "later_host", "A host of a later minor version is as good: its table may be longer.",
       "The plugin must be rebuilt for every Motet.", "kit", On::stage, kNormal, later_host},
      {72, "longer_structs", "Elements of lists lie as far apart as the first one's `struct_size` says.",
       "With a later Motet it reads the second parameter out of the first.", "kit", On::stage, kNormal, longer_structs},
  };
  return kChecks;
}

}  // namespace motet::verify::families
