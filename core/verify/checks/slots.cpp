// 111 to 114: a stage and what fills its slots.
#include <map>
#include <optional>

#include "verify/child.hpp"
#include "verify/exercise.hpp"
#include "verify/values.hpp"

namespace motet::verify::families {
namespace {

// A slot of the subject that is empty for as long as this lives.
class Emptied {
 public:
  Emptied(Subject& subject, const std::string& slot) : slots_(subject.stage().slots), node_(slots_.extract(slot)) {}
  ~Emptied() { slots_.insert(std::move(node_)); }
  Emptied(const Emptied&) = delete;
  Emptied& operator=(const Emptied&) = delete;

 private:
  std::map<std::string, int>& slots_;
  std::map<std::string, int>::node_type node_;
};

std::vector<std::string> filled_slots(Trial& trial) {
  std::vector<std::string> out;
  for (const auto& [slot, filler] : trial.subject().stage().slots) out.push_back(slot);
  if (out.empty()) skip("nothing fills a slot of it here: name a pipeline that does with --pipeline");
  return out;
}

const graph::Stage& filler_of(Subject& subject, const std::string& slot) {
  return subject.graph().stages[static_cast<std::size_t>(subject.stage().slots.at(slot))];
}

// What comes of all items: values, or the words of a refusal.
struct Came {
  std::vector<std::vector<value::Ref>> values;
  std::vector<std::string> refusals;
};

Came came_of(Subject& subject) {
  Came out;
  std::optional<Made> made;
  const auto refused = refusal([&] { made.emplace(subject.make()); });
  for (const std::vector<value::Ref>& item : subject.items()) {
    out.values.emplace_back();
    out.refusals.push_back(refused ? refused->message : "");
    if (!made) continue;
    if (const auto failed = refusal([&] { out.values.back() = Subject::process(**made, item); }))
      out.refusals.back() = failed->message;
  }
  return out;
}

bool differ(const Came& a, const Came& b) {
  bool out = a.refusals != b.refusals;
  for (std::size_t i = 0; i < a.values.size(); ++i) out = out || !difference(a.values[i], b.values[i]).empty();
  return out;
}

// Of what a slot's filler writes in a program, something is left that the results hang on.
class InPrograms final : public runtime::Observer {
 public:
  explicit InPrograms(const std::string& slot) : part_("/" + slot + ".") {}
  void worked(std::string_view, runtime::Interval, int) override {}
  void ran(const plan::Plan&, runtime::Interval, std::span<const device::StepTime>) override {}
  void planned(const program::Program& program, const plan::Plan&) override {
    for (const program::Op& op : program.ops) found_ = found_ || op.scope.find(part_) != std::string::npos;
  }
  bool found() const { return found_; }

 private:
  std::string part_;
  bool found_ = false;
};

void built_in(Subject& subject, const std::string& slot) {
  InPrograms observer(slot);
  Made made = subject.make();
  for (const runtime::ItemResult& result : subject.run(subject.pipeline_items(), "cpu", &made, {&observer, 0})) {
    if (!result.error) continue;
    if (cited_obligation(result.error->what()) != 0) throw base::Error(*result.error);
    skip(std::string("its pipeline fails: ") + result.error->what());
  }
  expect(observer.found(), "what fills its slot '" + slot + "' writes nothing that a result hangs on");
}

void slot_used(Trial& trial) {
  Subject& subject = trial.subject();
  int tried = 0;
  for (const std::string& slot : filled_slots(trial)) {
    if (filler_of(subject, slot).type->is_tensor()) {
      built_in(subject, slot);
      ++tried;
    } else if (subject.type().is_host() && subject.type().determinism != MOTET_IMPURE) {
      const Came with = came_of(subject);
      const Emptied emptied(subject, slot);
      const Came without = came_of(subject);
      expect(differ(with, without), "what fills its slot '" + slot + "' changes nothing: it does the same without");
      ++tried;
    }
  }
  if (tried == 0) skip("what fills its slots is called by the engine");
}

void expect_named(const host::Failure& refused, const std::string& slot) {
  expect(refused.path == "slots." + slot, "without what fills its slot '" + slot + "' it refuses and names " +
                                              (refused.path.empty() ? "nothing" : "'" + refused.path + "'") + ": " +
                                              refused.message);
}

void empty_slot_named(Trial& trial) {
  Subject& subject = trial.subject();
  for (const std::string& slot : filled_slots(trial)) {
    const std::vector<std::vector<value::Ref>> items =
        subject.type().is_host() ? subject.items() : std::vector<std::vector<value::Ref>>();
    const Emptied emptied(subject, slot);
    trial.note(("with nothing in slot " + slot).c_str());
    std::optional<Made> made;
    if (const auto refused = refusal([&] { made.emplace(subject.make()); })) {
      expect_named(*refused, slot);
      continue;
    }
    for (const std::vector<value::Ref>& item : items) {
      if (const auto refused = refusal([&] { (void)Subject::process(**made, item); })) expect_named(*refused, slot);
    }
    if (!subject.type().is_tensor() && !subject.type().is_generator()) continue;
    for (const runtime::ItemResult& result : subject.run(subject.pipeline_items(), "cpu", &*made)) {
      if (!result.error) continue;
      const std::string what = result.error->what();
      if (cited_obligation(what) != 0) throw base::Error(*result.error);
      expect(what.find(slot) != std::string::npos,
             "without what fills its slot '" + slot + "' its build fails and does not say so: " + what);
    }
  }
}

// The host watches that; here is the occasion.
void own_index(Trial& trial) {
  (void)filled_slots(trial);
  exercise(trial);
}

}  // namespace

std::span<const Check> slots() {
  static constexpr Check kChecks[] = {
      {111, "slot_used", "What fills a slot takes part in what comes out.",
       "A pipeline's author gives a stage a part that is silently left out.", "kit", On::stage, kNormal, slot_used},
      {112, "empty_slot_named",
       "Without what fills a slot a stage works, or refuses and names it (`slots.NAME`; in `build`, in the message).",
       "Whoever forgot to fill it is not told what to add, and where.", "kit", On::stage, kNormal, empty_slot_named},
      {113, "slot_index_once", "In one build each call of `slot_build` for a slot has another index.",
       "Two layers share the weights and states of one.", "checked host", On::computing, kBasic, own_index},
  };
  return kChecks;
}

}  // namespace motet::verify::families
