// 106 to 110: refusals are read by people who did not write the plugin.
#include <algorithm>
#include <functional>
#include <optional>

#include "verify/calls.hpp"
#include "verify/child.hpp"
#include "verify/exercise.hpp"
#include "verify/host_table.hpp"
#include "verify/other_inputs.hpp"
#include "verify/values.hpp"

namespace motet::verify::families {
namespace {

using Judge = std::function<void(const host::Failure&)>;

// Provokes refusals in as many ways as the declaration leaves, and has each judged.
void provoke(Trial& trial, const Judge& judge) {
  Subject& subject = trial.subject();
  const plugin::StageTypeInfo& type = subject.type();
  int provoked = 0;
  const auto hear = [&](std::optional<host::Failure> refused) {
    if (!refused) return;
    ++provoked;
    judge(*refused);
  };
  for (std::size_t i = 0; i < type.params.size(); ++i) {
    const plugin::ParamInfo& param = type.params[i];
    std::vector<host::ParamValue> values = subject.stage().parameters;
    Making making;
    making.parameters = &values;
    const bool text = param.kind == MOTET_PARAM_PATH || (param.kind == MOTET_PARAM_STRING && param.choices.empty());
    if (text) values[i] = {param.name, param.kind, std::string("/no/such/thing")};
    if (text) hear(refusal([&] { (void)subject.make(making); }));
  }
  if (subject.stage().owner < 0) {
    const graph::Symbols symbols = subject.graph().symbols;
    for (const OtherInputs& other : other_inputs(subject)) {
      Made made = subject.create();
      hear(refusal([&] { subject.negotiate(made, other.specs); }));
      subject.graph().symbols = symbols;
    }
  }
  if (type.is_host()) {
    HostTable table({});
    Making making;
    making.table = table.get();
    const Made made = subject.make(making);
    const auto& item = subject.items().front();
    const std::int64_t before = table.calls();
    hear(refusal([&] { (void)Subject::process(*made, item); }));
    const std::int64_t calls = std::min<std::int64_t>(table.calls() - before, 10);
    for (std::int64_t n = 0; n < calls; ++n) {
      table.fail_from_now(n);
      hear(refusal([&] { (void)Subject::process(*made, item); }));
    }
  }
  if (provoked == 0) skip("nothing that the kit can think of is refused");
}

void message_helps(Trial& trial) {
  provoke(trial, [](const host::Failure& refused) {
    const std::string& text = refused.message;
    const bool words = std::count(text.begin(), text.end(), ' ') > 0 && text.size() > 6;
    expect(words && text.find("MOTET_") == std::string::npos,
           "a refusal says '" + text + "', which tells a pipeline's author nothing");
    expect(text.find('\n') == std::string::npos, "a refusal has several lines: " + text);
  });
}

template <class Items>
bool has(const Items& items, std::string_view name) {
  return std::any_of(items.begin(), items.end(), [&](const auto& one) { return one.name == name; });
}

void path_is_real(Trial& trial) {
  const plugin::StageTypeInfo& type = trial.subject().type();
  provoke(trial, [&](const host::Failure& refused) {
    const std::string& path = refused.path;
    const std::size_t dot = path.find('.');
    const std::string group = path.substr(0, dot);
    const std::string name = dot == std::string::npos ? "" : path.substr(dot + 1);
    const bool real = path.empty() || group == "weights" || (group == "with" && has(type.params, name)) ||
                      (group == "in" && has(type.inputs, name)) ||
                      (group == "slots" && (name.empty() || has(type.slots, name)));
    expect(real, "a refusal names '" + path + "', which the type does not have: " + refused.message);
  });
}

// What a call comes to that hears at its n-th question that it is cancelled.
void cancelled_says_so(Trial& trial) {
  Subject& subject = trial.subject();
  HostTable table({});
  Making making;
  making.table = table.get();
  const Made made = subject.make(making);
  for (const auto& item : subject.items()) {
    table.cancel_from_now(-1);
    const auto plain = refusal([&] { (void)Subject::process(*made, item); });
    const std::int64_t questions = std::min<std::int64_t>(table.questions(), trial.hard() ? 64 : 8);
    for (std::int64_t n = 0; !plain && n < questions; ++n) {
      table.cancel_from_now(n);
      const auto refused = refusal([&] { (void)Subject::process(*made, item); });
      expect(!refused || refused->status == MOTET_CANCELLED,
             "a call that is cancelled ends as " + std::string(host::status_name(refused ? refused->status : 0)) +
                 ": " + (refused ? refused->message : ""));
    }
  }
}

// What an instance that nobody interferes with gives.
struct Good {
  std::vector<value::Ref> values;
  std::optional<host::Failure> refused;
};

Good good(Trial& trial, const std::vector<Way>& ways, const std::vector<runtime::Item>& items) {
  Subject& subject = trial.subject();
  Good out;
  out.refused = refusal([&] {
    Made made = subject.make();
    out.values = answers(ways, *made, 0);
    if (!ways.empty()) return;
    for (const runtime::ItemResult& result : subject.run(items, "cpu", &made)) {
      if (result.error && cited_obligation(result.error->what()) != 0) throw base::Error(*result.error);
      out.values.insert(out.values.end(), result.outputs.begin(), result.outputs.end());
    }
  });
  return out;
}

// create and negotiate as they fail: a host function does, a file is not there, an input does not fit.
void fail_to_create(Trial& trial) {
  Subject& subject = trial.subject();
  HostTable table({});
  Making making;
  making.table = table.get();
  (void)refusal([&] { (void)subject.make(making); });
  const std::int64_t calls = std::min<std::int64_t>(table.calls(), 20);
  for (std::int64_t n = 0; n < calls; ++n) {
    table.fail_from_now(n);
    (void)refusal([&] { (void)subject.make(making); });
  }
}

void fail_by_texts(Trial& trial) {
  Subject& subject = trial.subject();
  for (std::size_t i = 0; i < subject.type().params.size(); ++i) {
    const plugin::ParamInfo& param = subject.type().params[i];
    if (param.kind != MOTET_PARAM_PATH && param.kind != MOTET_PARAM_STRING) continue;
    std::vector<host::ParamValue> values = subject.stage().parameters;
    values[i] = {param.name, param.kind, param.choices.empty() ? std::string("/no/such/thing") : param.choices.back()};
    Making making;
    making.parameters = &values;
    (void)refusal([&] { (void)subject.make(making); });
  }
}

void fail_by_inputs(Trial& trial) {
  Subject& subject = trial.subject();
  if (subject.stage().owner >= 0) return;
  for (const OtherInputs& other : other_inputs(subject)) {
    Made made = subject.create();
    (void)refusal([&] { subject.negotiate(made, other.specs); });
  }
}

void usable_afterwards(Trial& trial) {
  Subject& subject = trial.subject();
  const graph::Symbols symbols = subject.graph().symbols;
  const std::vector<Way> ways = ways_of(trial);
  const std::vector<runtime::Item> items = ways.empty() ? subject.pipeline_items() : std::vector<runtime::Item>();
  const Good first = good(trial, ways, items);
  if (first.refused) skip("it refuses its setup: " + first.refused->message);
  const std::pair<const char*, void (*)(Trial&)> failures[] = {{"of the host's failures", fail_to_create},
                                                               {"of other texts", fail_by_texts},
                                                               {"of other inputs", fail_by_inputs}};
  for (const auto& [cause, provoke_in] : failures) {
    provoke_in(trial);
    subject.graph().symbols = symbols;
    const std::string when = std::string("after instances that failed because ") + cause + " a good one ";
    const Good again = good(trial, ways, items);
    if (again.refused) fail(when + "is refused: " + again.refused->message);
    if (subject.type().determinism == MOTET_IMPURE) continue;
    const std::string differs = difference(first.values, again.values);
    expect(differs.empty(), when + "gives something else: " + differs);
  }
}

}  // namespace

std::span<const Check> errors() {
  static constexpr Check kChecks[] = {
      {106, "message_helps", "A refusal is a sentence of one line, not a status.",
       "People read it, and know nothing of the plugin's insides.", "kit", On::stage, kNormal, message_helps},
      {107, "path_is_real", "The path of a refusal names a parameter, port, weight or slot that the type has.",
       "The line of YAML that is shown is not the one to mend.", "kit", On::stage, kNormal, path_is_real},
      {108, "usable_afterwards",
       "After a `create` or `negotiate` that failed the next instance is as good as the first.",
       "One pipeline with a mistake spoils all that a server opens after it.", "kit", On::stage, kNormal,
       usable_afterwards},
      {109, "cancelled_says_so", "A call that gives up since `should_cancel` was true returns `MOTET_CANCELLED`.",
       "Ctrl-C is reported as a mistake in the item.", "kit", On::host_stage, kNormal, cancelled_says_so},
  };
  return kChecks;
}

}  // namespace motet::verify::families
