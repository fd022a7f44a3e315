#include "runtime/resources.hpp"

#include <algorithm>

#include "runtime/timings.hpp"

namespace motet::runtime {

Prepared Resources::plan(const program::Program& program) {
  ++plannings_;
  Prepared prepared{plan::plan(program, device_.traits()), nullptr, 0};
  if (observer_ != nullptr) observer_->planned(program, prepared.plan);
  return prepared;
}

void Resources::run(Prepared& prepared) {
  if (observer_ == nullptr) return prepared.executable->run();
  const std::uint64_t begin = Stopwatch::now_ns();
  prepared.executable->run(&step_times_);
  observer_->ran(prepared.plan, {begin, Stopwatch::now_ns()}, step_times_);
}

void Resources::upload_weights() {
  while (weight_buffers_.size() < weights_.list().size()) {
    weight_buffers_.push_back(device_.constant(weights_.list()[weight_buffers_.size()].bytes));
  }
}

device::Executable& Resources::ready(Prepared& prepared, const std::vector<std::unique_ptr<device::Buffer>>& states,
                                     const std::vector<std::unique_ptr<device::Buffer>>& kept, std::uint64_t change) {
  if (prepared.plan.arena_bytes > 0 && (!arena_ || arena_->size_bytes() < prepared.plan.arena_bytes)) {
    // A larger arena takes the smaller one's place: executables bound to that are made anew when next used.
    arena_.reset();
    arena_ = device_.allocate(prepared.plan.arena_bytes);
    ++arena_change_;
  }
  const std::uint64_t bound = (arena_change_ << 32) + change;
  if (prepared.executable && prepared.bound == bound) return *prepared.executable;
  prepared.executable.reset();
  upload_weights();
  device::Bindings bindings;
  bindings.arena = arena_.get();
  for (const auto& buffer : weight_buffers_) bindings.weights.push_back(buffer.get());
  for (const auto& buffer : states) bindings.states.push_back(buffer.get());
  for (const auto& buffer : kept) bindings.kept.push_back(buffer.get());
  prepared.executable = device_.prepare(prepared.plan, bindings);
  prepared.bound = bound;
  return *prepared.executable;
}

}  // namespace motet::runtime
