// A plan bound to memory: a list of kernels.
#pragma once

#include <memory>
#include <vector>

#include "device/cpu/kernel.hpp"
#include "device/device.hpp"

namespace motet::device::cpu {

// What executables of one device share; outlives them.
struct Engine {
  explicit Engine(int threads) : pool(threads), scratch(pool.threads()) {}
  base::Pool pool;
  Scratch scratch;
  Counters counters;
};

class CpuExecutable final : public Executable {
 public:
  CpuExecutable(Engine& engine, const plan::Plan& plan, const Bindings& bindings);

  std::span<std::byte> input(std::size_t i) override { return inputs_[i]; }
  std::span<const std::byte> result(std::size_t i) override { return results_[i]; }
  void run(std::vector<StepTime>* times) override;

 private:
  Operand operand(const plan::Plan& plan, const Bindings& bindings, plan::TensorId id) const;
  std::unique_ptr<Kernel> bind(const plan::Plan& plan, const Bindings& bindings, const plan::Step& step);

  Engine& engine_;
  Memory input_;
  Memory result_;
  std::vector<std::span<std::byte>> inputs_;
  std::vector<std::span<const std::byte>> results_;
  std::vector<std::unique_ptr<Kernel>> kernels_;
};

}  // namespace motet::device::cpu
