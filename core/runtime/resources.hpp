// A session's memory on its device: weights, the one arena that all plans share, and plans made ready in it.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "device/device.hpp"
#include "lower/weight_table.hpp"
#include "plan/plan.hpp"
#include "program/program.hpp"
#include "runtime/observer.hpp"

namespace motet::runtime {

// A plan and, while the memory that it is bound to stays the same, its executable.
struct Prepared {
  plan::Plan plan;
  std::unique_ptr<device::Executable> executable;
  std::uint64_t bound = 0;  // the state of the memory that the executable was made for
};

class Resources {
 public:
  // `observer` may be null.
  // `padding`: as SessionOptions::padding.
  Resources(device::Device& device, Observer* observer, float padding = 0)
      : device_(device), observer_(observer), padding_(padding) {}

  device::Device& device() { return device_; }
  lower::WeightTable& weights() { return weights_; }
  Prepared plan(const program::Program& program);
  // The executable, made anew where it is bound to memory that is no more. `states` and `kept` are borrowed; `change`
  // counts how often the caller replaced them.
  device::Executable& ready(Prepared& prepared, const std::vector<std::unique_ptr<device::Buffer>>& states,
                            const std::vector<std::unique_ptr<device::Buffer>>& kept, std::uint64_t change);
  // Runs what ready() made ready.
  void run(Prepared& prepared);
  Observer* observer() { return observer_; }
  float padding() const { return padding_; }
  std::uint64_t plannings() const { return plannings_; }

 private:
  void upload_weights();

  device::Device& device_;
  Observer* observer_;
  float padding_;
  std::vector<device::StepTime> step_times_;
  lower::WeightTable weights_;
  std::vector<std::unique_ptr<device::Buffer>> weight_buffers_;
  std::unique_ptr<device::Buffer> arena_;
  std::uint64_t arena_change_ = 1;
  std::uint64_t plannings_ = 0;
};

}  // namespace motet::runtime
