// Watches a session at work: for traces, benchmarks and printed plans. A session without one measures nothing of this.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "device/device.hpp"
#include "plan/plan.hpp"
#include "program/program.hpp"

namespace motet::runtime {

// From `begin_ns` to `end_ns` on the steady clock.
struct Interval {
  std::uint64_t begin_ns = 0;
  std::uint64_t end_ns = 0;
};

// Called on the session's thread; must not throw.
class Observer {
 public:
  // A host stage, or an island, worked on an item or a batch. `worker`: 0 is the session's thread, others are its
  // helpers; theirs are told when the run is over.
  virtual void worked(std::string_view stage, Interval interval, int worker) = 0;
  virtual void planned(const program::Program& program, const plan::Plan& plan) = 0;
  // `steps`: as Plan::steps, on the device's own clock. Measuring them may slow the run down.
  virtual void ran(const plan::Plan& plan, Interval interval, std::span<const device::StepTime> steps) = 0;

 protected:
  ~Observer() = default;
};

}  // namespace motet::runtime
