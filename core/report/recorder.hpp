// What a session did: its stages, plans and kernels, for traces, benchmarks and printed plans.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "runtime/observer.hpp"

namespace motet::report {

class Recorder final : public runtime::Observer {
 public:
  struct Span {
    std::string stage;
    runtime::Interval interval;
    int worker = 0;  // 0: the session's thread
  };
  struct Kernel {
    std::string op;     // "matmul", with what was fused after it: "matmul+gelu"
    std::string scope;  // the stage and the place in it
    std::string shape;  // of its first output
  };
  struct Plan {
    std::string name;
    std::vector<Kernel> kernels;
  };
  struct Run {
    std::size_t plan = 0;  // into plans()
    runtime::Interval interval;
    std::vector<device::StepTime> kernels;  // as Plan::kernels, brought to the steady clock
  };
  struct Planned {
    std::string name;
    std::string program;  // as text
    std::string plan;     // as text
    std::size_t ops = 0;
    std::size_t steps = 0;
    std::uint64_t arena_bytes = 0;
  };

  void worked(std::string_view stage, runtime::Interval interval, int worker) override;
  void planned(const program::Program& program, const plan::Plan& plan) override;
  void ran(const plan::Plan& plan, runtime::Interval interval, std::span<const device::StepTime> steps) override;

  const std::vector<Span>& spans() const { return spans_; }
  const std::vector<Plan>& plans() const { return plans_; }
  const std::vector<Run>& runs() const { return runs_; }
  const std::vector<Planned>& programs() const { return programs_; }
  void forget_runs();  // what was planned stays

 private:
  std::size_t find(const plan::Plan& plan);

  std::vector<Span> spans_;
  std::vector<Plan> plans_;
  std::vector<const plan::Plan*> addresses_;  // by plans_: which one it was; never followed
  std::vector<Run> runs_;
  std::vector<Planned> programs_;
};

Recorder::Planned describe(const program::Program& program, const plan::Plan& plan);

}  // namespace motet::report
