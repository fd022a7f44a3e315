#include "report/recorder.hpp"

namespace motet::report {
namespace {

Recorder::Kernel kernel(const plan::Plan& plan, const plan::Step& step) {
  Recorder::Kernel out{std::string(step.op->name), step.scope, {}};
  for (const plan::Epilogue& epilogue : step.epilogues) out.op += "+" + epilogue.fn;
  if (!step.outputs.empty()) out.shape = plan.tensors[step.outputs.front()].type.text();
  return out;
}

}  // namespace

Recorder::Planned describe(const program::Program& program, const plan::Plan& plan) {
  return {program.name,       program::text(program), plan::text(plan),
          program.ops.size(), plan.steps.size(),      plan.arena_bytes};
}

void Recorder::worked(std::string_view stage, runtime::Interval interval, int worker) {
  spans_.push_back({std::string(stage), interval, worker});
}

void Recorder::planned(const program::Program& program, const plan::Plan& plan) {
  programs_.push_back(describe(program, plan));
}

// A plan whose place another one took later is told apart by its name and size.
std::size_t Recorder::find(const plan::Plan& plan) {
  for (std::size_t i = plans_.size(); i-- > 0;) {
    if (addresses_[i] == &plan && plans_[i].name == plan.name && plans_[i].kernels.size() == plan.steps.size())
      return i;
  }
  Plan made{plan.name, {}};
  for (const plan::Step& step : plan.steps) made.kernels.push_back(kernel(plan, step));
  plans_.push_back(std::move(made));
  addresses_.push_back(&plan);
  return plans_.size() - 1;
}

void Recorder::ran(const plan::Plan& plan, runtime::Interval interval, std::span<const device::StepTime> steps) {
  Run run{find(plan), interval, {steps.begin(), steps.end()}};
  if (!steps.empty() && (steps.front().begin_ns < interval.begin_ns || steps.back().end_ns > interval.end_ns)) {
    // A clock of the device's own, of which only differences count: the last kernel ended just before run() did.
    const std::uint64_t shift = interval.end_ns - steps.back().end_ns;  // modulo 2^64, as are the sums
    for (device::StepTime& time : run.kernels) time = {time.begin_ns + shift, time.end_ns + shift};
  }
  runs_.push_back(std::move(run));
}

void Recorder::forget_runs() {
  spans_.clear();
  runs_.clear();
}

}  // namespace motet::report
