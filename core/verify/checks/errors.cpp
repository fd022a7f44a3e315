// 106 to 110: refusals are read by people who did not write the plugin.
#include <algorithm>
#include <atomic>
#include <functional>
#include <optional>

#include "verify/exercise.hpp"
#include "verify/host_table.hpp"
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

void cancelled_says_so(Trial& trial) {
  Subject& subject = trial.subject();
  const Made made = subject.make();
  const std::atomic<bool> cancelled{true};
  host::CallOptions options;
  options.cancelled = &cancelled;
  for (const auto& item : subject.items()) {
    const auto plain = refusal([&] { (void)Subject::process(*made, item); });
    const auto refused = refusal([&] { (void)Subject::process(*made, item, options); });
    expect(plain || !refused || refused->status == MOTET_CANCELLED,
           "a call that is cancelled ends as " + std::string(host::status_name(refused ? refused->status : 0)) + ": " +
               (refused ? refused->message : ""));
  }
}

}  // namespace

std::span<const Check> errors() {
  static constexpr Check kChecks[] = {
      {106, "message_helps", "A refusal is a sentence of one line, not a status.",
       "People read it, and know nothing of the plugin's insides.", "kit", On::stage, kNormal, message_helps},
      {107, "path_is_real", "The path of a refusal names a parameter, port, weight or slot that the type has.",
       "The line of YAML that is shown is not the one to mend.", "kit", On::stage, kNormal, path_is_real},
      {109, "cancelled_says_so", "A call that gives up since `should_cancel` was true returns `MOTET_CANCELLED`.",
       "Ctrl-C is reported as a mistake in the item.", "kit", On::host_stage, kNormal, cancelled_says_so},
  };
  return kChecks;
}

}  // namespace motet::verify::families
