// 82: both devices compute the same.
#include <optional>
#include <set>
#include <utility>

#include "program/custom.hpp"
#include "verify/child.hpp"
#include "verify/trial.hpp"
#include "verify/values.hpp"

namespace motet::verify::families {
namespace {

// Operations of plugins' own that a run planned.
class Brought final : public runtime::Observer {
 public:
  void worked(std::string_view, runtime::Interval, int) override {}
  void ran(const plan::Plan&, runtime::Interval, std::span<const device::StepTime>) override {}
  void planned(const program::Program& program, const plan::Plan&) override {
    for (const program::Op& op : program.ops) {
      if (op.def->custom != nullptr)
        names_.insert("operation '" + std::string(op.def->name) + "' of the plugin " +
                      std::string(op.def->custom->plugin()));
    }
  }
  // One of them; "" where there is none.
  std::string first() const { return names_.empty() ? "" : *names_.begin(); }

 private:
  std::set<std::string> names_;
};

std::vector<runtime::ItemResult> run_on(Subject& subject, const std::vector<runtime::Item>& items,
                                        const std::string& device, runtime::Observer& observer) {
  std::vector<runtime::ItemResult> out;
  try {
    out = subject.run(items, device, nullptr, {&observer, 0});
  } catch (const base::Error& error) {
    if (error.kind() != base::ErrorKind::environment) throw;
    skip("there is no device " + device + ": " + error.what());
  }
  for (const runtime::ItemResult& result : out) {
    if (result.error && cited_obligation(result.error->what()) != 0) throw base::Error(*result.error);
  }
  return out;
}

// The pipeline's own, and some of other sizes. Each shape has programs of its own, and those of a driver in software
// take long to make.
std::vector<runtime::Item> items_for_both(Subject& subject) {
  std::vector<runtime::Item> out = subject.pipeline_items();  // random ones are others each time
  for (const auto& [first, apart] : {std::pair{1, 0}, std::pair{67, 0}, std::pair{17, 16}}) {
    if (std::optional<runtime::Item> item = subject.item_of_sizes(first, apart)) out.push_back(std::move(*item));
  }
  return out;
}

void compare(const runtime::ItemResult& here, const runtime::ItemResult& there, const Brought& brought) {
  std::string differs;
  if (here.error.has_value() != there.error.has_value())
    differs = std::string(here.error ? here.error->what() : "a result") + " and " +
              (there.error ? there.error->what() : "a result");
  for (std::size_t o = 0; differs.empty() && o < here.outputs.size(); ++o)
    differs = far_apart(*here.outputs[o], *there.outputs[o]);
  // Motet's own operations agree; an operation that somebody wrote twice is the first to be asked.
  if (!differs.empty() && !brought.first().empty())
    base::fail(base::ErrorKind::plugin, brought.first() + ": [C097] on cpu and on vulkan: " + differs);
  expect(differs.empty(), "on cpu and on vulkan: " + differs);
}

void devices_agree(Trial& trial) {
  Brought brought;
  const std::vector<runtime::Item> items = items_for_both(trial.subject());
  const std::vector<runtime::ItemResult> there = run_on(trial.subject(), items, "vulkan", brought);
  const std::vector<runtime::ItemResult> here = run_on(trial.subject(), items, "cpu", brought);
  for (std::size_t i = 0; i < here.size(); ++i) compare(here[i], there[i], brought);
}

}  // namespace

std::span<const Check> devices() {
  static constexpr Check kChecks[] = {
      {82, "devices_agree", "A result does not hang on the last bit of what it is made of: both devices give the same.",
       "A pipeline gives something else on another machine.", "kit", On::tensor_stage, kHard, devices_agree},
  };
  return kChecks;
}

}  // namespace motet::verify::families
