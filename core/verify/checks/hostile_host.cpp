// 67 to 72: a host that has no memory left, offers nothing, or is of a later version.
#include <algorithm>
#include <optional>

#include "verify/exercise.hpp"
#include "verify/heap.hpp"
#include "verify/host_table.hpp"
#include "verify/values.hpp"

namespace motet::verify::families {
namespace {

std::int64_t most(const Trial& trial) { return trial.hard() ? 200 : 20; }

// Whatever a stage does with a failed host call, it must say so or go on well; a crash is what this is about.
void calls_survive(Trial& trial) {
  Subject& subject = trial.subject();
  const plugin::StageTypeInfo& type = subject.type();
  if (!type.is_host() && !type.is_tokenizer()) skip("its calls ask nothing of the host that could fail");
  HostTable table({});
  Making making;
  making.table = table.get();
  const Made made = subject.make(making);
  const auto use = [&] {
    if (type.is_host()) (void)refusal([&] { (void)Subject::process(*made, subject.items().front()); });
    if (type.is_tokenizer()) {
      (void)refusal([&] { (void)made->encode("a river", true, {}); });
      const std::int32_t ids[] = {1, 2, 3};
      (void)refusal([&] { (void)made->decode(ids, false, {}); });
    }
  };
  const std::int64_t before = table.calls();
  use();
  const std::int64_t calls = std::min(table.calls() - before, most(trial));
  if (calls == 0) skip("its calls ask nothing of the host that could fail");
  for (std::int64_t n = 0; n < calls; ++n) {
    table.fail_from_now(n);
    use();
  }
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
  (void)refusal([&] {
    Made made = subject.create(making);
    subject.negotiate(made);
  });
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
       "A host function that fails in `process`, `encode` or `decode` is noticed, whichever it is.",
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
