// 54 to 59: memory that is lent ends where it ends, is not the plugin's to write, and is full of what was there before.
#include "verify/exercise.hpp"
#include "verify/host_table.hpp"
#include "verify/values.hpp"

namespace motet::verify::families {
namespace {

// Results of all items, in the plugin's own words where it refuses.
struct Results {
  std::vector<std::vector<value::Ref>> values;
  std::vector<std::string> refusals;
};

Results results(Trial& trial, const HostTable& table) {
  Subject& subject = trial.subject();
  Making making;
  making.table = table.get();
  const Made made = subject.make(making);
  Results out;
  for (const std::vector<value::Ref>& item : subject.items()) {
    out.values.emplace_back();
    const auto refused = refusal([&] { out.values.back() = Subject::process(*made, item); });
    out.refusals.push_back(refused ? refused->message : "");
  }
  return out;
}

void expect_same(Trial& trial, const Results& a, const Results& b, const std::string& when) {
  if (trial.subject().type().determinism == MOTET_IMPURE) return;
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    expect(a.refusals[i] == b.refusals[i],
           when + " it refuses an item that it took, or the other way: " + a.refusals[i] + b.refusals[i]);
    const std::string differs = difference(a.values[i], b.values[i]);
    expect(differs.empty(), when + " a result is not the same: " + differs);
  }
}

Results plain_results(Trial& trial) { return results(trial, HostTable({})); }

// What comes as an argument of a call, and so through no table.
void tokenizer_within(const Made& made, bool guarded, bool read_only) {
  for (const std::string text : {"a", "a river bank", "Straße, 漢字 🎉"}) {
    const GuardedBytes bytes(text.data(), text.size(), guarded, read_only);
    (void)refusal([&] {
      const std::string_view view(static_cast<const char*>(bytes.data()), text.size());
      const value::Ref tokens = made->encode(view, true, {});
      (void)made->token_id(view);
      const std::vector<std::int32_t>& ids = tokens->tokens().ids;
      const GuardedBytes guarded_ids(ids.data(), ids.size() * sizeof(std::int32_t), guarded, read_only);
      (void)made->decode({static_cast<const std::int32_t*>(guarded_ids.data()), ids.size()}, false, {});
    });
  }
}

void sampler_within(const Made& made, bool guarded, bool read_only) {
  const std::vector<float> logits = {0.5F, 1.5F, -1.0F, 3.0F, 0.0F, 2.0F, 1.0F};
  const std::vector<std::int32_t> history = {3, 1, 5};
  const GuardedBytes a(logits.data(), logits.size() * sizeof(float), guarded, read_only);
  const GuardedBytes b(history.data(), history.size() * sizeof(std::int32_t), guarded, read_only);
  for (std::uint64_t step = 0; step < 8; ++step) {
    (void)refusal([&] {
      (void)made->sample({static_cast<const float*>(a.data()), logits.size()},
                         {static_cast<const std::int32_t*>(b.data()), history.size()}, step, {});
    });
  }
}

void lent(Trial& trial, const HostBehaviour& behaviour, const std::string& when) {
  Subject& subject = trial.subject();
  const plugin::StageTypeInfo& type = subject.type();
  if (!type.is_host() && !type.is_tokenizer() && !type.is_sampler()) skip("it sees no data");
  if (type.is_host()) {
    const Results plain = plain_results(trial);
    expect_same(trial, plain, results(trial, HostTable(behaviour)), when);
  }
  const Made made = subject.make();
  if (type.is_tokenizer()) tokenizer_within(made, behaviour.guarded, behaviour.read_only);
  if (type.is_sampler()) sampler_within(made, behaviour.guarded, behaviour.read_only);
}

void within_bounds(Trial& trial) {
  HostBehaviour behaviour;
  behaviour.guarded = true;
  lent(trial, behaviour, "with inputs that end where memory ends");
}

void inputs_not_written(Trial& trial) {
  HostBehaviour behaviour;
  behaviour.read_only = true;
  lent(trial, behaviour, "with inputs that cannot be written");
}

template <std::uint8_t... bytes>
void rubbish(Trial& trial) {
  if (!trial.subject().type().is_host()) skip("it sees no data");
  const Results plain = plain_results(trial);
  for (const std::uint8_t byte : {bytes...}) {
    HostBehaviour behaviour;
    behaviour.rubbish = byte;
    expect_same(trial, plain, results(trial, HostTable(behaviour)),
                "with memory from the host that is full of byte " + std::to_string(byte));
  }
}

void structs_say_their_size(Trial& trial) {
  const HostTable table({});
  if (trial.subject().type().is_host()) {
    (void)results(trial, table);
  } else {
    Making making;
    making.table = table.get();
    Made made = trial.subject().make(making);
    if (trial.subject().type().is_tokenizer()) exercise_tokenizer(*made);
    if (trial.subject().type().is_sampler()) exercise_sampler(trial, *made);
  }
  expect(table.mistake().empty(), table.mistake());
}

// Holders of a value of an item: a list's elements have holders of their own.
std::uint32_t holders(const value::Ref& ref) { return ref ? ref->references() : 0; }

void references_given_back(Trial& trial) {
  Subject& subject = trial.subject();
  const auto& items = subject.items();
  std::vector<std::uint32_t> before;
  for (const auto& item : items) {
    for (const value::Ref& one : item) before.push_back(holders(one));
  }
  {
    const Made made = subject.make();
    for (const auto& item : items) {
      (void)refusal([&] { (void)Subject::process(*made, item); });
    }
  }
  std::size_t at = 0;
  for (const auto& item : items) {
    for (std::size_t port = 0; port < item.size(); ++port, ++at) {
      const std::uint32_t now = holders(item[port]);
      expect(now == before[at], "after its calls and its end the value of the input '" +
                                    subject.type().inputs[port].name + "' has " + std::to_string(now) +
                                    " references, and had " + std::to_string(before[at]));
    }
  }
}

}  // namespace

std::span<const Check> memory() {
  static constexpr Check kChecks[] = {
      {54, "within_bounds",
       "Of what a view shows, and of what comes as an argument, nothing behind its last byte is read; texts are not "
       "terminated.",
       "It reads what happens to lie behind, and crashes where nothing does.", "kit", On::stage, kBasic, within_bounds},
      {55, "inputs_not_written", "What a view shows is only read.",
       "Another stage that has the same value sees it change.", "kit", On::stage, kBasic, inputs_not_written},
      {56, "scratch_is_rubbish",
       "Memory that the host gives, scratch or a new tensor's, is full of rubbish: results are the same whatever it "
       "was.",
       "Results depend on what another stage left there.", "kit", On::host_stage, kNormal, rubbish<0x00, 0xFF, 0x7F>},
      {58, "structs_say_their_size", "Every struct that is handed to the host says its size in `struct_size`.",
       "A later Motet reads or writes only what both know, and then nothing.", "kit", On::stage, kNormal,
       structs_say_their_size},
      {59, "references_given_back",
       "Of each value it was lent a stage gives back as many references as it took, at the latest in `destroy`.",
       "Every item of a run stays in memory.", "kit", On::host_stage, kNormal, references_given_back},
  };
  return kChecks;
}

}  // namespace motet::verify::families
