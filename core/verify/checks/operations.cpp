// 90 to 97: operations that a plugin brings. The loader, the host in checked mode and the devices watch them; the kit
// lets the stages compute that use them.
#include "plugin/library.hpp"
#include "verify/child.hpp"
#include "verify/exercise.hpp"
#include "verify/values.hpp"

namespace motet::verify::families {
namespace {

void load(Trial& trial) { const plugin::Library library(trial.library()); }

// On the device, or skipped where there is none.
std::vector<runtime::ItemResult> run_on(Subject& subject, const std::vector<runtime::Item>& items,
                                        const std::string& device) {
  std::vector<runtime::ItemResult> out;
  try {
    out = subject.run(items, device);
  } catch (const base::Error& error) {
    if (error.kind() != base::ErrorKind::environment) throw;
    skip("there is no device " + device + ": " + error.what());
  }
  for (const runtime::ItemResult& result : out) {
    if (result.error && cited_obligation(result.error->what()) != 0) throw base::Error(*result.error);
  }
  return out;
}

void on_vulkan(Trial& trial) { (void)run_on(trial.subject(), trial.subject().pipeline_items(), "vulkan"); }

void devices_agree(Trial& trial) {
  if (!trial.subject().type().is_tensor()) skip("what it generates may differ where two tokens are as likely");
  const std::vector<runtime::Item> items = trial.subject().pipeline_items();  // random ones are others each time
  const std::vector<runtime::ItemResult> there = run_on(trial.subject(), items, "vulkan");
  const std::vector<runtime::ItemResult> here = run_on(trial.subject(), items, "cpu");
  for (std::size_t i = 0; i < here.size(); ++i) {
    for (std::size_t o = 0; o < here[i].outputs.size() && o < there[i].outputs.size(); ++o) {
      const std::string differs = far_apart(*here[i].outputs[o], *there[i].outputs[o]);
      expect(differs.empty(), "on cpu and on vulkan: " + differs);
    }
  }
}

}  // namespace

std::span<const Check> operations() {
  static constexpr Check kChecks[] = {
      {90, "operation_well_formed",
       "An operation's id has a dot and a version, its operands, outputs and attributes have names that GLSL takes and "
       "that differ, element types are f32 or i32, defaults lie in their ranges, and `compute` and `glsl` are there.",
       "The library is refused.", "loader", On::library, kBasic, load},
      {91, "operation_shape",
       "A shape rule answers at most eight dimensions, numbers from 0 on, of the declared element type.",
       "Memory is planned by it.", "host", On::computing, kBasic, exercise},
      {92, "operation_pure",
       "`infer`, `compute` and `cost` give the same for the same use, whichever range is asked for, in whatever order, "
       "on "
       "whatever thread.",
       "What is computed once differs from what is computed again.", "checked host", On::computing, kBasic, exercise},
      {93, "operation_range", "`compute` sets all the elements that it was asked for, and no others.",
       "Others are computed beside it, and what lies behind is another tensor.", "checked host", On::computing, kBasic,
       exercise},
      {94, "operation_finite", "An operation gives no NaN for finite operands.",
       "One NaN makes everything NaN that depends on it, and nobody can tell where it began.",
       "checked host, on the cpu device", On::computing, kBasic, exercise},
      {95, "operation_cost", "`cost` is what an element costs: from 1 to 30,000 rounds of the loops that make it.",
       "Work is cut by it, and drivers end what takes too long.",
       "host, of the range; nobody can tell whether it is true", On::computing, kBasic, exercise},
      {96, "glsl_compiles", "The GLSL body compiles, with a function for each output.",
       "The plan cannot run on Vulkan; the message has the author's line.",
       "the Vulkan device, when it is first needed", On::computing, kHard, on_vulkan},
      {97, "glsl_computes_the_same", "The GLSL body computes what `compute` computes, to the precision of 32 bits.",
       "A pipeline gives something else on another machine.", "kit; the plugin's own tests on both devices",
       On::computing, kHard, devices_agree},
  };
  return kChecks;
}

}  // namespace motet::verify::families
